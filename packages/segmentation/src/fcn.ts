import { type Backbone, checkOptions, checkRng, checkSizes, type Rng } from "@pellucid/core-train";
import { chosenMaps } from "./chosen-maps.ts";
import { FcnHead } from "./fcn-head.ts";
import { OnBackbone, type OnBackboneOptions } from "./on-backbone.ts";

/** Options for {@link Fcn}. */
export interface FcnOptions extends OnBackboneOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
}

/**
 * A fully convolutional network: a backbone, a small head, and bilinear interpolation to the size of the images.
 *
 * Long et al., 2015. https://arxiv.org/abs/1411.4038
 *
 * torchvision's `FCN`, with its names: `fcn_resnet50` is
 * `new Fcn(new IntermediateLayers(resnet50({ rng, replaceStrideWithDilation: [false, true, true] }), { layer4: "out", layer3: "aux" }), 21, { rng })`.
 */
export class Fcn<B extends Backbone = Backbone> extends OnBackbone<B> {
  readonly classifier: FcnHead;
  readonly auxClassifier: FcnHead | null;
  readonly outMap: string;
  readonly auxMap: string | null;

  constructor(backbone: B, numClasses: number, options: FcnOptions) {
    super(backbone);
    checkRng("Fcn", options);
    checkOptions("Fcn", options, ["rng", "outMap", "auxMap"]);
    checkSizes("Fcn", { numClasses });
    const { rng } = options;
    const { out, aux } = chosenMaps("Fcn", backbone, options);
    const auxClassifier = aux === null ? null : new FcnHead(aux.channels, numClasses, { rng });
    this.classifier = new FcnHead(out.channels, numClasses, { rng });
    this.auxClassifier = auxClassifier;
    this.outMap = out.name;
    this.auxMap = aux?.name ?? null;
  }
}
