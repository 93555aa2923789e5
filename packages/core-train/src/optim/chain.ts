import { fuse } from "./fuse.ts";
import type { StatesOf, Transform } from "./transform.ts";

/**
 * Applies transforms one after the other: the updates of one are the gradients of the next.
 *
 * ```ts
 * const transform = chain(clipGradNorm(1), scaleByAdam(), scaleByLearningRate(1e-3));
 * ```
 *
 * Its state is the tuple of their states. Known neighbors run as one kernel, such as `scaleByAdam` and `scaleByLearningRate`.
 */
export function chain<const T extends readonly Transform<unknown>[]>(
  ...transforms: T
): Transform<StatesOf<T>> {
  const parts = fuse(transforms);
  return {
    init: (parameters) => transforms.map((transform) => transform.init(parameters)) as StatesOf<T>,
    update(gradients, states, parameters) {
      let updates = gradients;
      const next: unknown[] = [];
      for (const part of parts) {
        const [out, after] = part.update(
          updates,
          states.slice(next.length, next.length + part.length),
          parameters,
        );
        updates = out;
        next.push(...after);
      }
      return [updates, next as StatesOf<T>];
    },
  };
}
