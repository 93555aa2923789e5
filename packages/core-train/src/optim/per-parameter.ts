import type { Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { ParameterError } from "./parameter-error.ts";
import { type Stateless, type Transform } from "./transform.ts";

/** What a transform remembers that treats each parameter by itself. */
export interface PerParameter<Slot> {
  /** How many steps are done. */
  readonly step: number;
  /** What it remembers of each parameter. One without a gradient in a step keeps its slot, its own count too. */
  readonly slots: ByPath<Slot>;
}

/** What a {@link ParameterRule} knows besides the parameter. */
export interface At {
  /** How many steps are done, which is what a schedule asks for. */
  readonly step: number;
  /** Where the parameter sits. */
  readonly path: string;
}

/** The mathematics of an optimizer for one parameter; all tensors have its shape. */
export interface ParameterRule<Slot> {
  /** What is remembered before the first gradient. */
  init(parameter: Tensor): Slot;
  update(gradient: Tensor, slot: Slot, parameter: Tensor, at: At): readonly [update: Tensor, slot: Slot];
}

/** Applies a rule to each parameter that has a gradient. */
export function perParameter<Slot>(rule: ParameterRule<Slot>): Transform<PerParameter<Slot>> {
  return {
    init: (parameters) => ({ step: 0, slots: mapByPath(parameters, (parameter) => rule.init(parameter)) }),
    update(gradients, { step, slots }, parameters) {
      const updates: Record<string, Tensor> = {};
      const next: Record<string, Slot> = { ...slots };
      for (const [path, gradient] of Object.entries(gradients)) {
        const [slot, parameter] = [slots[path], parameters[path]];
        if (slot === undefined || parameter === undefined) throw unknownParameter(path, slots);
        [updates[path], next[path]] = rule.update(gradient, slot, parameter, { step, path });
      }
      return [updates, { step: step + 1, slots: next }];
    },
  };
}

/** Applies a function to each update, and remembers nothing. */
export function stateless(
  change: (update: Tensor, parameter: Tensor, path: string) => Tensor,
): Transform<Stateless> {
  return {
    init: () => ({}),
    update: (gradients, state, parameters) => [
      mapByPath(gradients, (gradient, path) => {
        const parameter = parameters[path];
        if (parameter === undefined) throw unknownParameter(path, parameters);
        return change(gradient, parameter, path);
      }),
      state,
    ],
  };
}

/** The same paths with other things. */
export function mapByPath<A, B>(all: ByPath<A>, f: (one: A, path: string) => B): ByPath<B> {
  return Object.fromEntries(Object.entries(all).map(([path, one]) => [path, f(one, path)]));
}

/** The error for a gradient of something that is no parameter. */
export function unknownParameter(path: string, known: ByPath<unknown>): ParameterError {
  const paths = Object.keys(known);
  const some = paths.slice(0, 5).join(", ") + (paths.length > 5 ? `, … (${paths.length})` : "");
  return new ParameterError(
    `optimizer: gradients hold ${path}, which is no parameter of it; expected some of ${some}. ` +
      "Give the optimizer all parameters when it is made.",
  );
}
