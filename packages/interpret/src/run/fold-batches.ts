import { yieldToEventLoop, OptionError } from "@pellucid/core-train";
import { keep, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { RunOptions } from "./run-options.ts";

/**
 * Goes through `total` pieces of work, some at a time, and carries tensors along: running sums. Between two batches timers,
 * input and painting have their turn, and `signal` is looked at.
 *
 * @param rows how many examples one piece gives the score
 * @param step the next tensors, from those so far and the pieces `from` to `to − 1`
 * @returns the last tensors, the caller's
 */
export async function foldBatches<T extends Tensor[]>(
  { total, rows = 1 }: { readonly total: number; readonly rows?: number },
  { batchSize = 32, signal, onProgress }: RunOptions,
  initial: () => [...T],
  step: (so: [...T], from: number, to: number) => [...T],
): Promise<[...T]> {
  if (!(batchSize >= 1)) throw new OptionError("foldBatches", "batchSize", batchSize, "at least 1");
  const size = Math.max(1, Math.floor(batchSize / rows));
  let state = tidy(initial).map((tensor) => keep(tensor)) as [...T];
  try {
    for (let from = 0; from < total; from += size) {
      signal?.throwIfAborted();
      const to = Math.min(total, from + size);
      const next = tidy(() => step(state, from, to)).map((tensor) => keep(tensor)) as [...T];
      const kept = new Set<Tensor>(next);
      for (const tensor of state) if (!kept.has(tensor)) tensor.dispose();
      state = next;
      onProgress?.(to, total);
      await yieldToEventLoop();
    }
    signal?.throwIfAborted();
    return state;
  } catch (error) {
    for (const tensor of state) tensor.dispose();
    throw error;
  }
}
