import { backend, getBackend, getKernel } from "@tensorflow/tfjs-core";
import { recordingNow } from "../compile/recording-now.ts";

/**
 * A backend that draws faster than JavaScript does, and the same bits: its kernel `PellucidDraws` gives one. Each function changes the words of
 * the Mersenne Twister and returns how many of them have then been given out.
 */
export interface FastDraws {
  /** As if `count` words had been given out. */
  skip(words: Int32Array, position: number, count: number): number;
  /** Fills `data` with `from + width · u`. */
  uniform(words: Int32Array, position: number, data: Float32Array, from: number, width: number): number;
  /** Fills `data` with `one` where 53 bits are below `bound`, else 0. */
  bernoulli(words: Int32Array, position: number, data: Float32Array, bound: number, one: number): number;
  /** Fills `data`, whose length is a multiple of 16, with normal numbers. */
  normal(words: Int32Array, position: number, data: Float32Array, mean: number, std: number): number;
}

/** What draws `count` numbers faster than JavaScript would, if the active backend can. Not while a step is recorded. */
export function fastDraws(count: number): FastDraws | null {
  if (count < WORTH_A_CALL || recordingNow() !== null) return null;
  const kernel = getKernel("PellucidDraws", getBackend());
  if (kernel === undefined) return null;
  return kernel.kernelFunc({ inputs: {}, attrs: {}, backend: backend() }) as unknown as FastDraws; // no tensor
}

/** Below, it takes longer to copy the generator's words than to draw. */
const WORTH_A_CALL = 2048;
