import type { Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import type { PathPredicate } from "./add-weight-decay.ts";
import { ParameterError } from "./parameter-error.ts";
import type { Transform } from "./transform.ts";

/** Some of the parameters and the optimizer that trains them. */
export interface ParameterGroup<State = unknown> {
  /** Selects its parameters by path. */
  readonly match: PathPredicate;
  readonly transform: Transform<State>;
}

/** The states of groups, in their order. */
export type GroupStates<G extends readonly ParameterGroup[]> = {
  readonly [I in keyof G]: G[I] extends ParameterGroup<infer State> ? State : never;
};

/**
 * Trains each group of parameters with its own optimizer: PyTorch's parameter groups.
 *
 * ```ts
 * partition([
 *   { match: (path) => path.startsWith("head."), transform: adam({ learningRate: 1e-3 }) },
 *   { match: (path) => !path.startsWith("head."), transform: adam({ learningRate: 1e-5 }) },
 * ]);
 * ```
 *
 * @throws {ParameterError} unless each parameter is in exactly one group
 */
export function partition<const G extends readonly ParameterGroup[]>(groups: G): Transform<GroupStates<G>> {
  const part = (tensors: ByPath<Tensor>, { match }: ParameterGroup) =>
    Object.fromEntries(Object.entries(tensors).filter(([path]) => match(path)));
  return {
    init(parameters) {
      checkGroups(Object.keys(parameters), groups);
      return groups.map((group) => group.transform.init(part(parameters, group))) as GroupStates<G>;
    },
    update(gradients, states, parameters) {
      let updates: ByPath<Tensor> = {};
      const next: unknown[] = [];
      for (const [i, group] of groups.entries()) {
        const own = part(parameters, group);
        const [moves, state] = group.transform.update(part(gradients, group), states[i], own);
        updates = { ...updates, ...moves };
        next.push(state);
      }
      return [updates, next as GroupStates<G>];
    },
  };
}

function checkGroups(paths: readonly string[], groups: readonly ParameterGroup[]): void {
  const wrong = paths.flatMap((path) => {
    const indices = groups.flatMap(({ match }, i) => (match(path) ? [i] : []));
    return indices.length === 1
      ? []
      : [`${path} is in ${indices.length === 0 ? "none" : indices.join(" and ")}`];
  });
  if (wrong.length === 0) return;
  throw new ParameterError(
    `partition: each parameter has to be in exactly one of ${groups.length} groups, but ${wrong.join(", ")}. ` +
      "Freeze parameters that should not be trained.",
  );
}
