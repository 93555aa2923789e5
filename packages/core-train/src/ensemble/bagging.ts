import type { Dataset } from "../data/dataset.ts";
import { checkOption } from "../check-option.ts";
import { bootstrap, type BootstrapOptions, type BootstrapSample } from "./bootstrap.ts";
import { checkRng } from "../check-values.ts";
import { checkOptions } from "../check-options.ts";
import { checkArguments } from "../check-arguments.ts";

export interface BaggingOptions extends BootstrapOptions {
  /** The number of models. Default: 10. */
  readonly count?: number;
}

/** One model of a {@link bagging}, and the sample that it was trained on. */
export interface BaggingMember<Model, Item> extends BootstrapSample<Item> {
  readonly model: Model;
}

/**
 * Trains models one after the other, each on its own bootstrap sample. Combined by {@link averageEnsemble} or
 * {@link votingEnsemble}, they have less variance than one.
 *
 * ```ts
 * const members = await bagging(dataset, async ({ drawn }) => trained(new Net({ rng }), drawn), { rng, count: 5 });
 * const together = averageEnsemble(members.map(({ model }) => model));
 * ```
 *
 * Breiman, 1996. scikit-learn's `BaggingClassifier` draws the same way, from another generator.
 */
export async function bagging<Item, Model>(
  dataset: Dataset<Item>,
  train: (sample: BootstrapSample<Item>, index: number) => Model | Promise<Model>,
  options: BaggingOptions,
): Promise<readonly BaggingMember<Model, Item>[]> {
  checkRng("bagging", options);
  checkOptions("bagging", options, ["rng", "size", "count"]);
  checkArguments("bagging", { "{ length, get }": { dataset }, function: { train } });
  const { count = 10 } = options;
  checkOption("bagging", "count", count, Number.isInteger(count) && count > 0, "an integer ≥ 1");
  const samples = Array.from({ length: count }, () => bootstrap(dataset, options));
  const members: BaggingMember<Model, Item>[] = [];
  for (const [index, sample] of samples.entries()) {
    members.push({ ...sample, model: await train(sample, index) });
  }
  return members;
}
