import { numbers } from "../numbers.ts";

// The work that every contestant does: a Mamba of three blocks of 96 features goes on with a text, the most likely character each time, from its
// state. Norms are plain, the head is the embedding.

export const [blocks, width, vocabulary, state, taps, rank] = [3, 96, 65, 16, 4, 6] as const;
export const inner = 2 * width;
/** Rows of the embedding: the next multiple of 8. */
export const rows = 72;

export const tokens = numbers(1, rows * width, 0.5);

/** What a block multiplies by, by the paths of its parameters; `[in, out]`, the convolution `[tap, 1, channel]`. */
export const weights = Array.from({ length: blocks }, (_, i) => ({
  aLog: Float32Array.from({ length: inner * state }, (__, at) => Math.log((at % state) + 1)),
  d: new Float32Array(inner).fill(1),
  "inProj.weight": numbers(10 + 10 * i, width * 2 * inner, 0.1),
  "conv1d.weight": numbers(11 + 10 * i, taps * inner, 0.5),
  "conv1d.bias": numbers(12 + 10 * i, inner, 0.5),
  "xProj.weight": numbers(13 + 10 * i, inner * (rank + 2 * state), 0.1),
  "dtProj.weight": numbers(14 + 10 * i, rank * inner, 0.4),
  "dtProj.bias": numbers(15 + 10 * i, inner, 2),
  "outProj.weight": numbers(16 + 10 * i, inner * width, 0.1),
}));
