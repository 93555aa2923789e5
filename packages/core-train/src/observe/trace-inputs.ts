import { engine, tidy } from "@tensorflow/tfjs-core";

/**
 * Which tensors were made of which while `run` ran: from the `id` of each tensor to those of its inputs. All that `run` makes is freed.
 *
 * ```ts
 * const made = traceInputs(() => { y = relu(x); });
 * made.get(y.id); // [x.id]
 * ```
 */
export function traceInputs(run: () => unknown): ReadonlyMap<number, readonly number[]> {
  const made = new Map<number, readonly number[]>();
  const { state } = engine(); // what tfjs notes for gradients
  const before = state.activeTape;
  state.activeTape = [];
  state.gradientDepth++;
  try {
    tidy(() => {
      run();
    });
    for (const { inputs, outputs } of state.activeTape)
      for (const { id } of outputs)
        made.set(
          id,
          Object.values(inputs).map((x) => x.id),
        );
    return made;
  } finally {
    for (const { saved = [] } of state.activeTape) for (const x of saved) x.dispose(); // kept for gradients, which nobody asks for
    state.activeTape = before ?? [];
    state.gradientDepth--;
  }
}
