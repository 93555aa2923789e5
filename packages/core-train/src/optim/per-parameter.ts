import type { Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { mapByPath } from "./map-by-path.ts";
import { unknownParameter } from "./parameter-error.ts";
import type { Transform } from "./transform.ts";

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
