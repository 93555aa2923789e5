// Ten yes-or-no classifiers, one per digit, compared with one softmax over all: what is lost where each class is learned on its own.
import { useBackend } from "@pellucid/backends";
import {
  binaryCrossEntropyWithLogits,
  crossEntropy,
  Lbfgs,
  Linear,
  oneHot,
  Rng,
  softmax,
  strongWolfe,
  trainable,
} from "@pellucid/core-train";
import { digits, type LabeledImages, toFloatImages } from "@pellucid/datasets";
import {
  add,
  div,
  mul,
  sigmoid,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";

/** Probabilities that a classifier gives to each of the ten classes of each image. */
type Probabilities = readonly (readonly number[])[];

/** Learns probabilities from some digits and says them of others. */
type Classify = (train: LabeledImages, test: LabeledImages) => Promise<Probabilities>;

/** A linear layer at the minimum of `loss + ‖weight‖² / 2N`, which is convex: any optimizer ends there, L-BFGS soonest. */
async function fitted(
  train: LabeledImages,
  lossOf: (logits: Tensor2D, labels: Tensor1D) => Tensor,
): Promise<Linear> {
  const model = new Linear(64, 10, { rng: new Rng(0) });
  const x = pixelsOf(train);
  const labels = tensor1d(train.labels.data, "int32");
  const lbfgs = new Lbfgs(trainable(model), { maxIter: 500, lineSearch: strongWolfe });
  await lbfgs.step(() => {
    const penalty = div(sum(square(model.weight)), 2 * train.length);
    return add(lossOf(model.forward(x), labels), penalty);
  });
  x.dispose();
  labels.dispose();
  return model;
}

/** Pixels from 0 to 1, a row an image. */
const pixelsOf = (images: LabeledImages): Tensor2D =>
  tensor2d(toFloatImages(images).images.data, [images.length, 64]);

/** Ten logistic regressions at once: the columns of one layer, whose losses have nothing in common. */
const oneVsRest: Classify = async (train, test) => {
  const each = (logits: Tensor2D, labels: Tensor1D) =>
    mul(10, binaryCrossEntropyWithLogits(logits, oneHot(labels, 10))); // the mean over classes is undone
  return probabilities(await fitted(train, each), test, sigmoid);
};

/** One softmax over all classes. */
const jointly: Classify = async (train, test) =>
  probabilities(await fitted(train, crossEntropy), test, softmax);

async function probabilities(
  model: Linear,
  test: LabeledImages,
  activation: (logits: Tensor2D) => Tensor,
): Promise<Probabilities> {
  const rows = tidy(() => activation(model.forward(pixelsOf(test))) as Tensor2D);
  model.dispose();
  const values = await rows.array();
  rows.dispose();
  return values;
}

const share = (rows: Probabilities, holds: (row: readonly number[], i: number) => boolean): number =>
  rows.filter(holds).length / rows.length;
const claims = (row: readonly number[]): number => row.filter((p) => p > 0.5).length;
const total = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);

/** The digits that are not 9, and those that are. */
function by9(images: LabeledImages): readonly [LabeledImages, LabeledImages] {
  const all = [...images.labels.data.keys()];
  return [
    images.take(all.filter((i) => images.labels.data[i] !== 9)),
    images.take(all.filter((i) => images.labels.data[i] === 9)),
  ];
}

/** What each of the two says of unseen digits, and of a digit that neither has met. */
export async function main() {
  const { train, test } = await digits();
  const right = (rows: Probabilities) =>
    share(rows, (row, i) => row.indexOf(Math.max(...row)) === test.labels.data[i]);
  const alone = await oneVsRest(train, test);
  const together = await jointly(train, test);
  const [without9] = by9(train);
  const [, nines] = by9(test);
  return {
    accuracy: { oneVsRest: right(alone), softmax: right(together) },
    unclaimed: share(alone, (row) => claims(row) === 0),
    contested: share(alone, (row) => claims(row) > 1),
    sums: [Math.min(...alone.map(total)), Math.max(...alone.map(total))] as const,
    unknownClaimed: {
      oneVsRest: share(await oneVsRest(without9, nines), (row) => claims(row) > 0),
      softmax: share(await jointly(without9, nines), (row) => claims(row) > 0),
    },
  };
}

if (import.meta.main) {
  await useBackend();
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  const { accuracy, unclaimed, contested, sums, unknownClaimed } = await main();
  console.log(
    `right on 450 unseen digits:  one-vs-rest ${percent(accuracy.oneVsRest)}, softmax ${percent(accuracy.softmax)}`,
  );
  console.log(`no class says yes:           ${percent(unclaimed)} of them`);
  console.log(`more than one says yes:      ${percent(contested)} of them`);
  console.log(`the ten probabilities add up to:   ${sums[0].toFixed(2)} to ${sums[1].toFixed(2)}`);
  console.log(
    `a 9, to who never saw one:   is claimed for another digit ${percent(unknownClaimed.oneVsRest)} of the time, by softmax ${percent(unknownClaimed.softmax)}`,
  );
}
