/**
 * Whatever can save its state and resume from it: an `Rng`, the loader that `batches` makes, `Lbfgs`,
 * `ReduceLROnPlateau`.
 */
export interface Stateful<State = unknown> {
  /** Numbers, texts, typed arrays, and arrays and records of them. */
  state(): State;
  restore(state: State): void;
}

/** Whether a value is {@link Stateful}. */
export function isStateful(value: unknown): value is Stateful {
  const { state, restore } = (value ?? {}) as Partial<Stateful>;
  return typeof state === "function" && typeof restore === "function";
}
