import { checkArguments, type Module, OptionError } from "@pellucid/core-train";
import { addN, type Scalar, tidy } from "@tensorflow/tfjs-core";
import { BayesianLayer } from "./bayesian-layer.ts";

/**
 * `KL(q‖p)` of all Bayesian layers of a model, summed.
 *
 * @throws OptionError for a model without such layers
 */
export function klOf(model: Module): Scalar {
  checkArguments("klOf", { module: { model } });
  return tidy(() => {
    const parts = [...model.namedModules()].flatMap(([, module]) =>
      module instanceof BayesianLayer ? [module.kl()] : [],
    );
    if (parts.length === 0)
      throw new OptionError(
        "klOf",
        "model",
        model.constructor.name,
        "a model with a BayesianLinear or BayesianConv2d",
      );
    return addN(parts) as Scalar;
  });
}
