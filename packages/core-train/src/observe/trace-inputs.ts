import { engine, tidy } from "@tensorflow/tfjs-core";
import { checkFunction } from "../check-callable.ts";

/**
 * The inputs from which each tensor was computed while `run` ran: from the `id` of each tensor to those of its inputs. All tensors that
 * `run` makes are freed.
 *
 * ```ts
 * const inputs = traceInputs(() => { y = relu(x); });
 * inputs.get(y.id); // [x.id]
 * ```
 */
export function traceInputs(run: () => unknown): ReadonlyMap<number, readonly number[]> {
  checkFunction("traceInputs", "run", run);
  const made = new Map<number, readonly number[]>();
  const { state } = engine(); // what tfjs records for gradients
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
    for (const { saved = [] } of state.activeTape) for (const x of saved) x.dispose(); // kept for gradients, which are not computed
    state.activeTape = before ?? [];
    state.gradientDepth--;
  }
}
