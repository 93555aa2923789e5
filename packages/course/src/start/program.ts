import { MnistCnn } from "@pellucid/cnn";
import { loadWeights, Rng, softmax, withoutInit } from "@pellucid/core-train";
import { tensor4d, tidy } from "@tensorflow/tfjs-core";

/** The network, with weights that were trained by `train-mnist-cnn.ts`. */
export function load(weights: ArrayBuffer): MnistCnn {
  const net = withoutInit(() => new MnistCnn({ rng: new Rng(0) }));
  loadWeights(net, weights);
  return net;
}

/** The probability of each digit, for a drawing of 28 × 28 pixels from 0 to 1. */
export async function classify(net: MnistCnn, pixels: Float32Array): Promise<Float32Array<ArrayBuffer>> {
  const probabilities = tidy(() => softmax(net.forward(tensor4d(pixels, [1, 28, 28, 1]))));
  const values = Float32Array.from(await probabilities.data());
  probabilities.dispose();
  return values;
}
