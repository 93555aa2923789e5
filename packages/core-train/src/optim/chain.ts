import type { StatesOf, Transform } from "./transform.ts";

/**
 * Transforms one after the other: what one puts out, the next takes for gradients.
 *
 * ```ts
 * const transform = chain(clipGradNorm(1), scaleByAdam(), scaleByLearningRate(1e-3));
 * ```
 *
 * Its state is the tuple of theirs.
 */
export function chain<const T extends readonly Transform<unknown>[]>(
  ...transforms: T
): Transform<StatesOf<T>> {
  return {
    init: (parameters) => transforms.map((transform) => transform.init(parameters)) as StatesOf<T>,
    update(gradients, states, parameters) {
      let updates = gradients;
      const next: unknown[] = [];
      for (const [i, transform] of transforms.entries()) {
        const [out, state] = transform.update(updates, states[i], parameters);
        updates = out;
        next.push(state);
      }
      return [updates, next as StatesOf<T>];
    },
  };
}
