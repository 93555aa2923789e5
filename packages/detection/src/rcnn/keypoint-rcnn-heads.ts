import {
  checkOptions,
  checkRng,
  checkSizeArray,
  checkSizes,
  Conv2d,
  init,
  initialize,
  type Layer,
  ReLU,
  Sequential,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { HeadOptions } from "./two-mlp-head.ts";

/**
 * The 3×3 convolutions before the keypoints of regions, torchvision's `KeypointRCNNHeads`, with its names and initial weights.
 *
 * @param layers channels of each
 * @throws {OptionError} for channels that are not integers above 0, or a wrong option
 */
export function keypointRcnnHeads(
  inChannels: number,
  layers: readonly number[],
  options: HeadOptions,
): Sequential<readonly Layer<Tensor4D, Tensor4D>[]> {
  checkRng("keypointRcnnHeads", options);
  checkOptions("keypointRcnnHeads", options, ["rng"]);
  checkSizes("keypointRcnnHeads", { inChannels });
  checkSizeArray("keypointRcnnHeads", "layers", layers);
  const { rng } = options;
  let previous = inChannels;
  const convs = layers.flatMap((channels) => {
    const conv = new Conv2d(previous, channels, 3, { rng, padding: 1 });
    previous = channels;
    return [conv, new ReLU()];
  });
  const head = new Sequential<readonly Layer<Tensor4D, Tensor4D>[]>(...convs);
  for (const [, module] of head.namedModules()) {
    if (!(module instanceof Conv2d)) continue;
    initialize(module, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
    initialize(module, "bias", init.constant(0), rng);
  }
  return head;
}
