import { clone, keep, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import type { Module } from "../module/module.ts";
import { checkShape } from "../shape-error.ts";
import { ParameterError } from "../optim/parameter-error.ts";
import { checkModule, checkFunction } from "../check-callable.ts";
import { checkRecord } from "../check-record.ts";

/**
 * Runs `body` while `model` has other weights. Afterwards it has its own again, also when `body` throws; what `body` did to
 * them is lost. `body` may be asynchronous: then nothing else may train the model until it is done.
 *
 * @param weights parameters and buffers by path, borrowed; those that are not there stay
 */
export function withWeights<T>(model: Module, weights: ByPath<Tensor>, body: () => T): T {
  checkModule("withWeights", model);
  checkRecord("withWeights", "weights", weights, []);
  checkFunction("withWeights", "body", body);
  const own = assignWeights("withWeights", model, weights);
  const restore = () => {
    for (const [variable, value] of own) {
      variable.assign(value as Variable);
      value.dispose();
    }
  };
  let result: T;
  try {
    result = body();
  } catch (error) {
    restore();
    throw error;
  }
  if (result instanceof Promise) return result.finally(restore) as T;
  restore();
  return result;
}

/**
 * Gives a model other weights, or none of them where one does not fit.
 *
 * @param caller the function that complains
 * @returns what it had, kept: the caller's
 */
export function assignWeights(
  caller: string,
  model: Module,
  weights: ByPath<Tensor>,
): (readonly [variable: Variable, value: Tensor])[] {
  const slots = new Map([...model.slots()].map(({ path, tensor }) => [path, tensor]));
  const changes = Object.entries(weights).map(([path, value]) => {
    const variable = slots.get(path);
    if (variable === undefined) {
      const name = model.constructor.name;
      throw new ParameterError(`${caller}: the weights hold ${path}, but ${name} has no such field.`);
    }
    checkShape(caller, path, value, variable.shape);
    return [variable, value] as const;
  });
  return changes.map(([variable, value]) => {
    const before = keep(clone(variable));
    variable.assign(value as Variable);
    return [variable, before] as const;
  });
}
