import {
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  convNormActivation,
  Flatten,
  init,
  initialize,
  type Layer,
  Linear,
  type Module,
  ReLU,
  type Rng,
  Sequential,
} from "@pellucid/core-train";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";

/** Options for {@link fastRcnnConvFcHead}. */
export interface FastRcnnConvFcHeadOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Makes a normalization layer for a number of channels; then convolutions have no bias. Default: none. */
  readonly normLayer?: ((channels: number) => Layer<Tensor4D, Tensor4D>) | null;
}

/**
 * Convolutions and linear layers on pooled regions, torchvision's `FastRCNNConvFCHead`, with its names and initial weights: the head of `fasterrcnn_resnet50_fpn_v2`.
 *
 * @param inputSize of a region
 * @param convLayers channels of each 3×3 convolution
 * @param fcLayers features of each linear layer
 */
export function fastRcnnConvFcHead(
  inputSize: readonly [channels: number, height: number, width: number],
  convLayers: readonly number[],
  fcLayers: readonly number[],
  options: FastRcnnConvFcHeadOptions,
): Module & Layer<Tensor4D, Tensor2D> {
  checkRng("fastRcnnConvFcHead", options);
  checkOptions("fastRcnnConvFcHead", options, ["rng", "normLayer"]);
  const { rng, normLayer = null } = options;
  const [inChannels, height, width] = inputSize;
  for (const size of [...inputSize, ...convLayers, ...fcLayers]) checkSizes("fastRcnnConvFcHead", { size });
  let previous = inChannels;
  const convs = convLayers.map((channels) => {
    const conv = convNormActivation(previous, channels, 3, { rng, normLayer, activation: new ReLU() });
    previous = channels;
    return conv;
  });
  previous *= height * width;
  const linears = fcLayers.flatMap((features) => {
    const linear = new Linear(previous, features, { rng });
    previous = features;
    return [linear, new ReLU()];
  });
  const head = new Sequential(...([...convs, new Flatten(), ...linears] as readonly Layer<never, unknown>[]));
  for (const [, module] of head.namedModules()) {
    if (!(module instanceof Conv2d)) continue;
    initialize(module, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
    if (module.bias !== null) initialize(module, "bias", init.constant(0), rng);
  }
  return head as Module & Layer<Tensor4D, Tensor2D>;
}
