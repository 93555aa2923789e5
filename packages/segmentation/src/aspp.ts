import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  Conv2d,
  Dropout,
  type HasTorchLayout,
  Module,
  ReLU,
  type Rng,
  Sequential,
  type TorchLayout,
} from "@pellucid/core-train";
import { concat, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./map-layer.ts";
import { resizeTo } from "./resize-to.ts";

/** Options for {@link Aspp}. */
export interface AsppOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Dilations of the 3×3 convolutions. Default: 12, 24, 36, for maps of stride 8; 6, 12, 18 for stride 16. */
  readonly atrousRates?: readonly number[];
  /** The probability that dropout zeroes an element of the output. Default: 0.5. */
  readonly dropout?: number;
}

/**
 * Atrous spatial pyramid pooling: a 1×1 convolution, 3×3 convolutions of several dilations and the mean of the whole map side by side,
 * joined by a 1×1 convolution. torchvision's `ASPP`.
 *
 * Chen et al., 2017, section 3.3. https://arxiv.org/abs/1706.05587
 */
export class Aspp extends Module implements MapLayer {
  readonly convs: readonly MapLayer[];
  readonly project: Sequential<readonly MapLayer[]>;

  constructor(inChannels: number, outChannels: number, options: AsppOptions) {
    super();
    checkRng("Aspp", options);
    checkOptions("Aspp", options, ["rng", "atrousRates", "dropout"]);
    const { rng, atrousRates = [12, 24, 36], dropout = 0.5 } = options;
    checkSizes("Aspp", { inChannels, outChannels });
    checkAspp("Aspp", options);
    this.convs = [
      convNormRelu(inChannels, outChannels, 1, { rng }),
      ...atrousRates.map((dilation) => convNormRelu(inChannels, outChannels, 3, { rng, dilation })),
      new AsppPooling(inChannels, outChannels, { rng }),
    ];
    this.project = new Sequential<readonly MapLayer[]>(
      ...(convNormRelu(this.convs.length * outChannels, outChannels, 1, { rng }).layers as MapLayer[]),
      new Dropout(dropout, { rng }),
    );
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const branches = this.convs.map((conv) => conv.forward(x)); // [batch, height, width, outChannels]
      return this.project.forward(concat(branches, 3)); //          [batch, height, width, outChannels]
    });
  }
}

/** Throws unless the options' values are those that {@link Aspp} takes, before a model of which it is a part draws anything. */
export function checkAspp(caller: string, { atrousRates = [], dropout = 0.5 }: AsppOptions): void {
  for (const rate of atrousRates) checkSizes(caller, { atrousRates: rate });
  checkProbabilities(caller, { dropout });
}

/**
 * The branch of {@link Aspp} that looks at the whole map: its mean, a 1×1 convolution with batch norm and ReLU, spread over the map. In
 * training a batch of one is an error, as batch norm has a single value per channel then.
 */
export class AsppPooling extends Module implements MapLayer, HasTorchLayout {
  readonly layers: Sequential<readonly MapLayer[]>;

  constructor(inChannels: number, outChannels: number, options: { readonly rng: Rng }) {
    super();
    checkRng("AsppPooling", options);
    checkSizes("AsppPooling", { inChannels, outChannels });
    const { rng } = options;
    this.layers = new Sequential<readonly MapLayer[]>(
      new AdaptiveAvgPool2d(1),
      ...(convNormRelu(inChannels, outChannels, 1, { rng }).layers as MapLayer[]),
    );
  }

  get torchLayout(): TorchLayout {
    return { layers: { name: "" } };
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => resizeTo(this.layers.forward(x), x));
  }
}

function convNormRelu(
  inChannels: number,
  outChannels: number,
  kernelSize: number,
  { rng, dilation = 1 }: { readonly rng: Rng; readonly dilation?: number },
): Sequential<readonly MapLayer[]> {
  const padding = kernelSize === 1 ? 0 : dilation;
  return new Sequential<readonly MapLayer[]>(
    new Conv2d(inChannels, outChannels, kernelSize, { rng, padding, dilation, bias: false }),
    new BatchNorm2d(outChannels),
    new ReLU(),
  );
}
