import type { Module } from "../module/module.ts";
import type { PathPredicate } from "../optim/add-weight-decay.ts";
import { ParameterError } from "../optim/parameter-error.ts";
import { checkModule, checkFunction } from "../check-callable.ts";

/**
 * Freezes all parameters but some: the usual start of transfer learning, where a new head is trained on a trained body. Affects
 * optimizers that are constructed afterwards.
 *
 * ```ts
 * trainOnly(model, (path) => path.startsWith("fc."));
 * const optimizer = new Optimizer(adam(), trainable(model));
 * ```
 *
 * @throws ParameterError where no parameter matches
 */
export function trainOnly(model: Module, match: PathPredicate): void {
  checkModule("trainOnly", model);
  checkFunction("trainOnly", "match", match);
  const all = [...model.namedParameters()];
  if (!all.some(([path]) => match(path))) {
    const paths = all.map(([path]) => path).join(", ");
    throw new ParameterError(`trainOnly: no parameter matches, expected some of ${paths}.`);
  }
  for (const [path, parameter] of all) parameter.trainable = match(path);
}
