import {
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  ConvTranspose2d,
  InstanceNorm2d,
  type Layer,
  Module,
  ReflectionPad2d,
  ReLU,
  type Rng,
  Tanh,
} from "@pellucid/core-train";
import { add, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "../../chain.ts";
import { normalConvolutions } from "./normal-convolutions.ts";

/** Options for {@link ResnetGenerator}. */
export interface ResnetGeneratorOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Channels of the images. Default: 3. */
  readonly imageChannels?: number;
  /** Channels of the layer next to the image. Default: 64. */
  readonly channels?: number;
  /** How many residual blocks. Default: 9, for images of 256×256. */
  readonly blocks?: number;
}

/**
 * Translates images into images of another kind: a convolution down to a quarter, residual blocks, and back up, with instance norm and
 * reflected edges. Zhu et al., 2017, section 7.1. https://arxiv.org/abs/1703.10593. Names are those of the authors' code: `model.1.weight`, ….
 */
export class ResnetGenerator extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly model: Chain<Tensor4D>;

  constructor(options: ResnetGeneratorOptions) {
    super();
    checkRng("ResnetGenerator", options);
    checkOptions("ResnetGenerator", options, ["rng", "imageChannels", "channels", "blocks"]);
    const { rng, imageChannels = 3, channels: n = 64, blocks = 9 } = options;
    checkSizes("ResnetGenerator", { imageChannels, channels: n });
    checkSizes("ResnetGenerator", { blocks }, 0);
    const down = { rng, stride: 2, padding: 1 };
    const up = { ...down, outputPadding: 1 };
    const residuals = Array.from({ length: blocks }, () => new ResidualBlock(4 * n, { rng }));
    this.model = chain(
      new ReflectionPad2d(3),
      ...normalized(new Conv2d(imageChannels, n, 7, { rng }), n),
      ...normalized(new Conv2d(n, 2 * n, 3, down), 2 * n),
      ...normalized(new Conv2d(2 * n, 4 * n, 3, down), 4 * n),
      ...residuals,
      ...normalized(new ConvTranspose2d(4 * n, 2 * n, 3, up), 2 * n),
      ...normalized(new ConvTranspose2d(2 * n, n, 3, up), n),
      new ReflectionPad2d(3),
      new Conv2d(n, imageChannels, 7, { rng }),
      new Tanh(),
    );
    normalConvolutions(this, rng);
  }

  /**
   * @param images `[batch, height, width, channel]`, of sizes that 4 divides
   * @returns the shape of the images, −1 to 1
   */
  forward(images: Tensor4D): Tensor4D {
    return this.model.forward(images);
  }
}

class ResidualBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly convBlock: Chain<Tensor4D>;

  constructor(channels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.convBlock = chain(
      new ReflectionPad2d(1),
      ...normalized(new Conv2d(channels, channels, 3, { rng }), channels),
      new ReflectionPad2d(1),
      new Conv2d(channels, channels, 3, { rng }),
      new InstanceNorm2d(channels),
    );
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => add(x, this.convBlock.forward(x)));
  }
}

function normalized(convolution: Layer<Tensor4D, Tensor4D>, channels: number): Layer<Tensor4D, Tensor4D>[] {
  return [convolution, new InstanceNorm2d(channels), new ReLU()];
}
