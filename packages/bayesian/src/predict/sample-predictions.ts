import {
  checkArguments,
  checkSizes,
  type Layer,
  type Module,
  noGrad,
  OptionError,
} from "@pellucid/core-train";
import { stack, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { sampling } from "./sampling.ts";

/**
 * Outputs of a model whose layers draw, one after the other: `[sample, …output]`. For dropout it is Monte Carlo dropout.
 *
 * @param samples how many
 */
export function samplePredictions<In>(model: Module & Layer<In, Tensor>, x: In, samples: number): Tensor {
  checkSizes("samplePredictions", { samples });
  return tidy(() =>
    stack(Array.from({ length: samples }, () => noGrad(() => sampling(model, () => model.forward(x))))),
  );
}

/** Outputs of several models, `[model, …output]`: a deep ensemble. Lakshminarayanan et al., 2017. https://arxiv.org/abs/1612.01474 */
export function ensemblePredictions<In>(models: readonly Layer<In, Tensor>[], x: In): Tensor {
  checkArguments("ensemblePredictions", { array: { models } });
  if (models.length === 0) throw new OptionError("ensemblePredictions", "models", "[]", "at least one model");
  return tidy(() => stack(models.map((model) => noGrad(() => model.forward(x)))));
}
