/**
 * Whatever can say where it stands and continue from there: `Rng` and the loader that `batches` makes by a method, `Optimizer`
 * and `ReduceLROnPlateau` by a property.
 */
export interface Stateful {
  readonly state: unknown;
  restore(state: never): void;
}

/** Whether a value is {@link Stateful}. */
export function isStateful(value: unknown): value is Stateful {
  return (
    typeof value === "object" &&
    value !== null &&
    "state" in value &&
    "restore" in value &&
    typeof value.restore === "function"
  );
}

/** Where it stands. */
export function currentState(stateful: Stateful): unknown {
  const { state } = stateful;
  return typeof state === "function" ? (state.call(stateful) as unknown) : state;
}
