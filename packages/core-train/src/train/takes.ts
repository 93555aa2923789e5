/**
 * A model that takes every `In`. {@link Layer} has a method, whose input TypeScript compares in both directions: it would also accept
 * a model that reads a field which `In` does not have.
 */
export interface Takes<In, Out> {
  readonly forward: (input: In) => Out;
}
