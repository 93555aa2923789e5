import { checkRecord, checkShape, DataError } from "@pellucid/core-train";
import { fill, type Tensor3D, zeros } from "@tensorflow/tfjs-core";
import type { MixerState } from "./mixer.ts";

/** The shape of each entry of a state, without its batch. */
export type StateShapes<State extends MixerState> = { readonly [Name in keyof State]: readonly number[] };

/** The state before the first time step: zeros, or the number that an entry has in `begins`. */
export function stateOf<State extends MixerState>(
  batch: number,
  shapes: StateShapes<State>,
  begins: Readonly<Record<string, number>> = {},
): State {
  const entries = Object.entries(shapes).map(([name, axes]) => {
    const [shape, value] = [[batch, ...axes], begins[name]];
    return [name, value === undefined ? zeros(shape) : fill(shape, value)];
  });
  return Object.fromEntries(entries) as State;
}

/** Refuses what is not `[batch, time, features]`, with one time step at least. */
export function checkSequence(caller: string, x: Tensor3D, features: number): void {
  checkShape(caller, "x", x, ["batch", "time", features]);
  if (x.shape[1] === 0) throw new DataError(`${caller}: x has no time steps, expected one or more.`);
}

/**
 * Refuses what is not a sequence of `features`, and a state that is not of this layer and batch, before anything is computed.
 *
 * @param x `[batch, time, features]`
 */
export function checkStep<State extends MixerState>(
  caller: string,
  x: Tensor3D,
  features: number,
  state: State,
  shapes: StateShapes<State>,
): void {
  checkSequence(caller, x, features);
  checkRecord(caller, "the state", state, Object.keys(shapes));
  for (const [name, axes] of Object.entries(shapes)) {
    const entry = state[name] as State[string];
    checkShape(
      caller,
      `${name} of the state`,
      entry,
      [x.shape[0], ...axes],
      "Start with initialState(batch).",
    );
  }
}
