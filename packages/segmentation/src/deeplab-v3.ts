import {
  type Backbone,
  BatchNorm2d,
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  ReLU,
  Sequential,
} from "@pellucid/core-train";
import { Aspp, type AsppOptions, checkAspp } from "./aspp.ts";
import { chosenMaps } from "./chosen-maps.ts";
import { FcnHead } from "./fcn-head.ts";
import type { MapLayer } from "./map-layer.ts";
import { OnBackbone, type OnBackboneOptions } from "./on-backbone.ts";

/** Options for {@link DeepLabHead}. */
export interface DeepLabHeadOptions extends AsppOptions {
  /** Channels within the head. Default: 256. */
  readonly channels?: number;
}

/** The head of {@link DeepLabV3}, torchvision's `DeepLabHead`: {@link Aspp}, a 3×3 convolution, and a 1×1 convolution to logits. */
export class DeepLabHead extends Sequential<readonly MapLayer[]> {
  constructor(inChannels: number, numClasses: number, options: DeepLabHeadOptions) {
    checkRng("DeepLabHead", options);
    checkOptions("DeepLabHead", options, ["rng", "atrousRates", "dropout", "channels"]);
    const { channels = 256, ...rest } = options;
    const { rng } = options;
    checkSizes("DeepLabHead", { inChannels, numClasses, channels });
    super(
      new Aspp(inChannels, channels, rest),
      new Conv2d(channels, channels, 3, { rng, padding: 1, bias: false }),
      new BatchNorm2d(channels),
      new ReLU(),
      new Conv2d(channels, numClasses, 1, { rng }),
    );
  }
}

/** Options for {@link DeepLabV3}. */
export interface DeepLabV3Options extends DeepLabHeadOptions, OnBackboneOptions {}

/**
 * A dilated backbone with {@link Aspp}, for objects of very different sizes: torchvision's `DeepLabV3`, with its names and the same auxiliary
 * head as {@link Fcn}.
 *
 * Chen et al., 2017. https://arxiv.org/abs/1706.05587
 */
export class DeepLabV3<B extends Backbone = Backbone> extends OnBackbone<B> {
  readonly classifier: DeepLabHead;
  readonly auxClassifier: FcnHead | null;
  readonly outMap: string;
  readonly auxMap: string | null;

  constructor(backbone: B, numClasses: number, options: DeepLabV3Options) {
    super(backbone);
    checkRng("DeepLabV3", options);
    checkOptions("DeepLabV3", options, ["rng", "atrousRates", "dropout", "channels", "outMap", "auxMap"]);
    checkSizes("DeepLabV3", { numClasses, channels: options.channels ?? 256 });
    checkAspp("DeepLabV3", options);
    const { outMap: _outMap, auxMap: _auxMap, ...head } = options;
    const { out, aux } = chosenMaps("DeepLabV3", backbone, options);
    const auxClassifier = aux === null ? null : new FcnHead(aux.channels, numClasses, { rng: options.rng });
    this.classifier = new DeepLabHead(out.channels, numClasses, head);
    this.auxClassifier = auxClassifier;
    this.outMap = out.name;
    this.auxMap = aux?.name ?? null;
  }
}
