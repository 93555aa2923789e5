import {
  AlphaDropout,
  checkArguments,
  Dropout,
  Dropout1d,
  Dropout2d,
  Dropout3d,
  FeatureAlphaDropout,
  type Module,
  training,
} from "@pellucid/core-train";
import { BayesianLayer } from "../variational/bayesian-layer.ts";

const random = [
  BayesianLayer,
  Dropout,
  Dropout1d,
  Dropout2d,
  Dropout3d,
  AlphaDropout,
  FeatureAlphaDropout,
] as const;

/**
 * Runs `body` while the layers that draw, Bayesian ones and dropout, draw as in training; all others, such as batch norm, stay in inference. Synchronous.
 *
 * Gal and Ghahramani, 2016, for dropout. https://arxiv.org/abs/1506.02142
 */
export function sampling<T>(model: Module, body: () => T): T {
  checkArguments("sampling", { module: { model }, function: { body } });
  const drawing = [...model.namedModules()]
    .map(([, module]) => module)
    .filter((module) => random.some((kind) => module instanceof kind));
  return drawing.reduceRight<() => T>((inner, module) => () => training(module, inner), body)();
}
