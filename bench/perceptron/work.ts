import { numbers } from "../numbers.ts";

// The work that every contestant does: a perceptron 784-256-128-10 with ReLU, cross-entropy, Adam, on one batch.

export const batch = 128;
export const sizes = [784, 256, 128, 10] as const;
export const learningRate = 1e-3;

export const images = numbers(1, batch * 784);
export const labels = Int32Array.from({ length: batch }, (_, i) => (i * 7) % 10);

/** `[in, out]` and `[out]` of each layer. */
export const layers = sizes.slice(1).map((outputs, i) => {
  const inputs = sizes[i] as number;
  const bound = 1 / Math.sqrt(inputs);
  return {
    inputs,
    outputs,
    weight: numbers(10 + i, inputs * outputs, bound),
    bias: numbers(20 + i, outputs, bound),
  };
});
