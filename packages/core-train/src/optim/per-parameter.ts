import type { Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { mapByPath } from "./map-by-path.ts";
import { unknownParameter } from "./parameter-error.ts";
import type { Transform } from "./transform.ts";

/** State of a transform that treats each parameter by itself. */
export interface PerParameter<Slot> {
  /** The number of steps taken. */
  readonly step: number;
  /** The state of each parameter, by path. A parameter without a gradient in a step keeps its slot unchanged. */
  readonly slots: ByPath<Slot>;
}

/** Step and path, for a {@link ParameterRule}. */
export interface At {
  /** The number of steps taken, the argument of schedules. */
  readonly step: number;
  /** The path of the parameter. */
  readonly path: string;
}

/** The update rule of an optimizer for one parameter; all tensors have its shape. */
export interface ParameterRule<Slot> {
  /** The initial state. */
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
