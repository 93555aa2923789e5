/** Whatever can say where it stands and continue from there, such as `Rng`. */
export interface Stateful<State = unknown> {
  state(): State;
  restore(state: State): void;
}

/** Whether a value is {@link Stateful}. */
export function isStateful(value: unknown): value is Stateful {
  const { state, restore } = (value ?? {}) as Partial<Stateful>;
  return typeof state === "function" && typeof restore === "function";
}
