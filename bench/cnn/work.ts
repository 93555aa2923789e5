import { numbers } from "../numbers.ts";

// The work that every contestant does: conv(1, 10, 5) - pool 2 - relu, conv(10, 20, 5) - pool 2 - relu, linear 320 -> 10,
// cross-entropy, SGD with momentum, on one batch of 28 x 28 images. All weights are in PyTorch's layout.

export const batch = 64;
export const learningRate = 0.01;
export const momentum = 0.5;

export const images = numbers(1, batch * 28 * 28);
export const labels = Int32Array.from({ length: batch }, (_, i) => (i * 7) % 10);

const layer = (seed: number, shape: number[]) => {
  const [outputs = 1, ...rest] = shape;
  const inputs = rest.reduce((product, size) => product * size, 1);
  const bound = 1 / Math.sqrt(inputs);
  return {
    weight: { data: numbers(seed, outputs * inputs, bound), shape },
    bias: numbers(seed + 1, outputs, bound),
  };
};

/** `[out, in, height, width]` */
export const conv1 = layer(10, [10, 1, 5, 5]);
export const conv2 = layer(20, [20, 10, 5, 5]);
/** `[out, in]`, where in is `[channel, height, width]` */
export const fc = layer(30, [10, 320]);
