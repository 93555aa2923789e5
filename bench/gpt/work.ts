import { numbers } from "../numbers.ts";

// The work that every contestant does: a GPT of 4 blocks, 4 heads and 128 features goes on with a text, the most likely character each time,
// from a cache of keys and values. After 256 characters it begins anew. Norms are plain, biases 0, the head is the embedding.

export const [layers, heads, width, vocabulary, context] = [4, 4, 128, 65, 256] as const;

export const tokens = numbers(1, vocabulary * width, 0.5);
export const positions = numbers(2, context * width, 0.1);

/** `[in, out]` each. */
export const blocks = Array.from({ length: layers }, (_, i) => ({
  attention: numbers(10 + 4 * i, width * 3 * width, 0.08),
  projection: numbers(11 + 4 * i, width * width, 0.08),
  wide: numbers(12 + 4 * i, width * 4 * width, 0.08),
  narrow: numbers(13 + 4 * i, 4 * width * width, 0.08),
}));
