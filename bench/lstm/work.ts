import { numbers } from "../numbers.ts";

// The work that every contestant does: an LSTM of two layers of 256 cells goes on with a text, the most likely character each time. Biases are 0.

export const [width, hidden, vocabulary] = [128, 256, 65] as const;

export const tokens = numbers(1, vocabulary * width, 0.5);
export const head = numbers(2, hidden * vocabulary, 0.1);

/** Of the input `[in, 4 · out]` and of the state `[out, 4 · out]`; gates in the order input, forget, cell, output. */
export const layers = [width, hidden].map((inputs, i) => ({
  inputs,
  input: numbers(10 + i, inputs * 4 * hidden, 0.1),
  state: numbers(20 + i, hidden * 4 * hidden, 0.1),
}));
