import {
  checkOptions,
  checkRng,
  checkSizeArray,
  checkSizes,
  Conv2d,
  convNormActivation,
  init,
  initialize,
  type Layer,
  ReLU,
  type Rng,
  Sequential,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** Options for {@link maskRcnnHeads}. */
export interface MaskRcnnHeadsOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Default: 1. */
  readonly dilation?: number;
  /** Makes a normalization layer for a number of channels; then convolutions have no bias. Default: none. */
  readonly normLayer?: ((channels: number) => Layer<Tensor4D, Tensor4D>) | null;
}

/**
 * The 3×3 convolutions before the masks of regions, torchvision's `MaskRCNNHeads`, with its names and initial weights.
 *
 * He et al., 2017. Mask R-CNN, figure 4. https://arxiv.org/abs/1703.06870
 *
 * @param layers channels of each
 * @throws {OptionError} for channels that are not integers above 0, or a wrong option
 */
export function maskRcnnHeads(
  inChannels: number,
  layers: readonly number[],
  options: MaskRcnnHeadsOptions,
): Sequential<readonly Layer<Tensor4D, Tensor4D>[]> {
  checkRng("maskRcnnHeads", options);
  checkOptions("maskRcnnHeads", options, ["rng", "dilation", "normLayer"]);
  checkSizes("maskRcnnHeads", { inChannels });
  checkSizeArray("maskRcnnHeads", "layers", layers);
  const { rng, dilation = 1, normLayer = null } = options;
  let previous = inChannels;
  const convs = layers.map((channels) => {
    const conv = convNormActivation(previous, channels, 3, {
      rng,
      dilation,
      normLayer,
      activation: new ReLU(),
    });
    previous = channels;
    return conv;
  });
  const head = new Sequential<readonly Layer<Tensor4D, Tensor4D>[]>(...convs);
  for (const [, module] of head.namedModules()) {
    if (!(module instanceof Conv2d)) continue;
    initialize(module, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
    if (module.bias !== null) initialize(module, "bias", init.constant(0), rng);
  }
  return head;
}
