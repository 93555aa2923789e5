import { checkArguments, checkOptions, checkRng, checkShape, LabelError } from "@pellucid/core-train";
import {
  argMax,
  cast,
  equal,
  gather,
  mean,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tidy,
} from "@tensorflow/tfjs-core";
import { checkFiniteTensor } from "../run/check-finite.ts";
import { largestOf } from "../run/largest-of.ts";
import { logisticRegression, type LogisticRegressionOptions } from "./logistic-regression.ts";

/** Options for {@link linearProbe}. */
export type LinearProbeOptions = LogisticRegressionOptions;

/** The share of examples that a probe is not fitted to. */
const testShare = 0.25;

/** The result of {@link linearProbe}. */
export interface LinearProbe {
  /** The share of right answers on examples that it was not fitted to. */
  readonly accuracy: number;
  /** The same of a probe for labels that were shuffled: what the probe can do by itself. */
  readonly controlAccuracy: number;
  /** `accuracy − controlAccuracy`: what the features say. */
  readonly selectivity: number;
}

/**
 * Whether a linear classifier can read something from features. With a control task of shuffled labels, since a probe that can learn
 * anything says nothing about features.
 *
 * Alain and Bengio, 2016, https://arxiv.org/abs/1610.01644; control tasks: Hewitt and Liang, 2019, https://arxiv.org/abs/1909.03368
 *
 * @param features `[example, …]`: a layer's output
 */
export async function linearProbe(
  features: Tensor,
  labels: readonly number[],
  options: LinearProbeOptions,
): Promise<LinearProbe> {
  checkArguments("linearProbe", { numbers: { labels } });
  checkRng("linearProbe", options);
  checkOptions("linearProbe", options, ["rng", "steps", "learningRate", "weightDecay", "signal"]);
  const { rng } = options;
  checkShape("linearProbe", "features", features, [labels.length, ...features.shape.slice(1)]);
  labels.forEach((label, i) => {
    if (Number.isInteger(label) && label >= 0 && label < labels.length) return;
    throw new LabelError(
      `linearProbe: labels[${i}] is ${label}, expected a class from 0 to ${labels.length - 1}, the number of examples less one.`,
    );
  });
  await checkFiniteTensor("linearProbe", "features", features);
  const classes = largestOf(labels) + 1;
  const order = rng.randperm(labels.length);
  const held = Math.max(1, Math.round(labels.length * testShare));
  const shuffled = Array.from(rng.randperm(labels.length), (i) => labels[i] ?? NaN);
  const fit = async (targets: readonly number[]) => {
    const rows = reshape(features, [labels.length, -1]) as Tensor2D;
    const part = (from: number, to: number) => {
      const which = order.slice(from, to);
      const chosen = tidy(() => gather(rows, tensor1d(which, "int32")));
      return [
        chosen,
        tensor1d(
          Array.from(which, (i) => targets[i] ?? NaN),
          "int32",
        ),
      ] as const;
    };
    const [test, train] = [part(0, held), part(held, labels.length)];
    try {
      const layer = await logisticRegression(train[0], train[1] as Tensor1D, classes, options);
      const right = tidy(() => mean(cast(equal(argMax(layer.forward(test[0]), 1), test[1]), "float32")));
      layer.dispose();
      const [share] = await right.data();
      right.dispose();
      return share as number;
    } finally {
      for (const tensor of [rows, ...test, ...train]) tensor.dispose();
    }
  };
  const accuracy = await fit(labels);
  const controlAccuracy = await fit(shuffled);
  return { accuracy, controlAccuracy, selectivity: accuracy - controlAccuracy };
}
