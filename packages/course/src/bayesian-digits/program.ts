import {
  BayesianConv2d,
  BayesianLinear,
  conformalSets,
  elboLoss,
  klOf,
  predictiveUncertainty,
  reliability,
  samplePredictions,
} from "@pellucid/bayesian";
import {
  adam,
  batches,
  crossEntropy,
  Flatten,
  loadWeights,
  MaxPool2d,
  Module,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  softmax,
  trainable,
  trainStep,
  withoutInit,
} from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import {
  dispose,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor4d,
  tidy,
} from "@tensorflow/tfjs-core";

/** A small convolutional network; every weight is a normal distribution. */
export class BayesianDigits extends Module {
  readonly net: Sequential;
  readonly #rng: Rng;

  constructor() {
    super();
    const rng = new Rng(0);
    this.#rng = rng;
    this.net = new Sequential(
      new BayesianConv2d(1, 8, 3, { rng, padding: 1 }),
      new ReLU(),
      new MaxPool2d(2),
      new BayesianConv2d(8, 16, 3, { rng, padding: 1 }),
      new ReLU(),
      new MaxPool2d(2),
      new Flatten(),
      new BayesianLinear(64, 10, { rng }),
    );
  }

  forward(images: Tensor4D): Tensor2D {
    return this.net.forward(images as never) as Tensor2D;
  }

  /** Repeats the draws of weights from here on. */
  repeat(): void {
    this.#rng.restore(new Rng(11).state());
  }
}

/** A network that learns by the evidence lower bound, its divergence weighed by 0.1. */
export async function train(epochs: number): Promise<BayesianDigits> {
  const { train: examples } = await digits();
  const model = new BayesianDigits();
  const optimizer = new Optimizer(adam({ learningRate: 3e-3 }), trainable(model));
  const data = batches(toFloatImages(examples), { size: 64, shuffle: true, rng: new Rng(1) });
  const options = { datasetSize: examples.length, beta: 0.1 };
  for (let epoch = 0; epoch < epochs; epoch++)
    for await (const { x, y } of data)
      await trainStep(model, optimizer, () =>
        elboLoss(crossEntropy(model.forward(x), y), klOf(model), options),
      );
  optimizer.dispose();
  return model;
}

/** A network with the means and deviations of a file. */
export function trained(weights: ArrayBuffer): BayesianDigits {
  const model = withoutInit(() => new BayesianDigits());
  loadWeights(model, weights);
  return model;
}

/** What several draws of all weights say of images. */
export interface Asked {
  /** `[sample][image]`, ten probabilities each. */
  readonly each: readonly (readonly Float32Array[])[];
  /** Their mean, ten for each image. */
  readonly mean: readonly Float32Array[];
  /** The entropy of the mean, in nats: all that is uncertain. */
  readonly total: Float32Array;
  /** The part of it that more training data would remove: the draws disagree. */
  readonly model: Float32Array;
  /** The ten probabilities with the mean of every weight: one network, as others have. */
  readonly one: readonly Float32Array[];
}

const rows = (values: Float32Array): Float32Array[] =>
  Array.from({ length: values.length / 10 }, (_, i) => values.slice(10 * i, 10 * i + 10));

/** Asks with several draws of the weights; the same draws each time. */
export async function ask(model: BayesianDigits, pixels: Float32Array, samples: number): Promise<Asked> {
  model.repeat();
  const found = tidy(() => {
    const x = tensor4d(pixels, [pixels.length / 64, 8, 8, 1]);
    const logits = samplePredictions(model, x, samples) as Tensor3D; // [sample, image, 10]
    const { probabilities, predictiveEntropy, mutualInformation } = predictiveUncertainty(logits);
    return [softmax(logits), probabilities, predictiveEntropy, mutualInformation, softmax(model.forward(x))];
  });
  const read = async (of: Tensor | undefined) => Float32Array.from((await of?.data()) ?? []);
  const [each, mean, total, disagreement, one] = [
    await read(found[0]),
    await read(found[1]),
    await read(found[2]),
    await read(found[3]),
    await read(found[4]),
  ];
  dispose(found);
  const size = each.length / samples;
  return {
    each: Array.from({ length: samples }, (_, s) => rows(each.slice(s * size, (s + 1) * size))),
    mean: rows(mean),
    total,
    model: disagreement,
    one: rows(one),
  };
}

/** The pixels of each image in a random order: as bright as it, and nothing that anyone can read. */
export function strange(pixels: Float32Array): Float32Array {
  const rng = new Rng(5);
  const mixed = new Float32Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 64) {
    const order = rng.randperm(64);
    order.forEach((from, to) => (mixed[at + to] = pixels[at + from] ?? 0));
  }
  return mixed;
}

/** How often a strange image has the higher score than a digit (the area under the ROC curve); 0.5 for a guess. */
export function distinguished(ofDigits: ArrayLike<number>, ofStrange: ArrayLike<number>): number {
  let wins = 0;
  for (let i = 0; i < ofStrange.length; i++)
    for (let k = 0; k < ofDigits.length; k++)
      wins += (ofStrange[i] ?? 0) > (ofDigits[k] ?? 0) ? 1 : ofStrange[i] === ofDigits[k] ? 0.5 : 0;
  return wins / (ofDigits.length * ofStrange.length);
}

/** Sets of classes from held-out digits, and how many of other digits are in theirs; the control gives each digit the set of the next one. */
export function coverage(
  probabilities: readonly Float32Array[],
  labels: Int32Array,
  level: number,
): {
  readonly predict: (row: ArrayLike<number>) => number[];
  readonly covered: number;
  readonly exchanged: number;
  readonly tested: number;
  readonly size: number;
} {
  const half = Math.floor(labels.length / 2);
  const fitted = conformalSets(probabilities.slice(0, half), labels.slice(0, half), {
    alpha: 1 - level,
  });
  const sets = probabilities.slice(half).map((row) => fitted.predict(row));
  const inside = (shift: number) =>
    sets.filter((_, i) => sets[(i + shift) % sets.length]?.includes(labels[half + i] ?? -1)).length;
  return {
    predict: (row) => fitted.predict(row),
    covered: inside(0),
    exchanged: inside(1),
    tested: sets.length,
    size: sets.reduce((sum, set) => sum + set.length, 0) / sets.length,
  };
}

/** Confidence and what it is worth, by bins. */
export const calibration = (probabilities: readonly Float32Array[], labels: Int32Array) =>
  reliability(
    probabilities.map((row) => Math.min(1, Math.max(...row))),
    probabilities.map((row, i) => row.indexOf(Math.max(...row)) === labels[i]),
    { bins: 5 },
  );
