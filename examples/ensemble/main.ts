// Several small nets answer together: four ways to get several, on the UCI digits, and what each of them gains.
import { useBackend } from "@pellucid/backends";
import {
  Accuracy,
  adam,
  averageEnsemble,
  bagging,
  batches,
  cosineAnnealingWarmRestarts,
  crossEntropy,
  type Dataset,
  evaluate,
  fit,
  Flatten,
  type Layer,
  Linear,
  type Module,
  ReLU,
  Rng,
  type Scheduled,
  Sequential,
  Snapshots,
  votingEnsemble,
} from "@pellucid/core-train";
import { digits, type LabeledImage, toFloatImages } from "@pellucid/datasets";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";

type Net = Layer<Tensor, Tensor2D>;

/** 64–16–10: small, so that there is something left to gain. */
const net = (rng: Rng) =>
  new Sequential(new Flatten(), new Linear(64, 16, { rng }), new ReLU(), new Linear(16, 10, { rng }));

interface Training {
  readonly seed: number;
  readonly epochs?: number;
  readonly learningRate?: Scheduled;
  /** Called after each epoch. */
  readonly after?: (epoch: number) => void;
}

/** Trains a net, whose weights and order come from `seed`. */
async function train<M extends Module & Net>(
  model: M,
  data: Dataset<LabeledImage<Float32Array>>,
  options: Training,
) {
  const { seed, epochs = 20, learningRate = 3e-3, after = () => {} } = options;
  const order = batches(data, { size: 64, shuffle: true, rng: new Rng(seed) });
  const optimizer = adam({ learningRate });
  for await (const event of fit(model, order, { loss: crossEntropy, optimizer, epochs }))
    if (event.kind === "epoch") after(event.epoch);
  return model;
}

/** The share of the test digits that are right: of single nets on average, and of each ensemble of `count` nets. */
export async function main({ count = 5, epochs = 20 } = {}) {
  const { train: shown, test } = await digits();
  const data = toFloatImages(shown);
  const accuracyOf = async (model: Net) => {
    const unseen = batches(toFloatImages(test), { size: 450 });
    const measure = { loss: crossEntropy, metrics: { accuracy: new Accuracy() } };
    return (await evaluate(model, unseen, measure)).metrics["accuracy"] ?? Number.NaN;
  };
  const singles: Net[] = [];
  for (let seed = 0; seed < count; seed++)
    singles.push(await train(net(new Rng(seed)), data, { seed, epochs }));
  const bags = await bagging(data, ({ drawn }, seed) => train(net(new Rng(seed)), drawn, { seed, epochs }), {
    count,
    rng: new Rng(count),
  });

  const wanderer = net(new Rng(0));
  const snapshots = new Snapshots(wanderer);
  const steps = Math.ceil(data.length / 64) * epochs; // of a round, after which the learning rate is high again
  const learningRate = cosineAnnealingWarmRestarts(1e-2, { t0: steps });
  const after = (epoch: number) => {
    if (epoch % epochs === 0) snapshots.take();
  };
  await train(wanderer, data, { seed: 0, epochs: count * epochs, learningRate, after });

  const alone = await Promise.all(singles.map(accuracyOf));
  return {
    single: alone.reduce((sum, accuracy) => sum + accuracy, 0) / count,
    averaging: await accuracyOf(averageEnsemble(singles)),
    voting: await accuracyOf(votingEnsemble(singles)),
    bagging: await accuracyOf(averageEnsemble(bags.map(({ model }) => model))),
    "last snapshot": await accuracyOf(wanderer),
    snapshots: await accuracyOf(averageEnsemble(snapshots.members)),
  };
}

if (import.meta.main) {
  await useBackend();
  for (const [way, accuracy] of Object.entries(await main()))
    console.log(`${way.padEnd(13)} ${(100 * accuracy).toFixed(1)} % of 450 unseen digits are right`);
}
