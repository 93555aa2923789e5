import {
  adam,
  batches,
  Dropout,
  type HostTensor,
  Linear,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { inputXGradient, pca, similarityScore } from "@pellucid/interpret";
import {
  allPairScores,
  batchTripletLoss,
  embed,
  marginMiner,
  mPerClassSampler,
  NeighborIndex,
  verification,
} from "@pellucid/metric-learning";
import { dispose, type Tensor, tensor2d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Digits of 8 × 8 pixels, from 0 to 1, and what they are. */
export interface Digits {
  readonly pixels: Float32Array;
  readonly labels: Int32Array;
}

export const features = 16;

/** From 64 pixels to 16 numbers. */
export type DigitEncoder = Sequential<readonly [Dropout, Linear, ReLU, Linear]>;

/** An untrained encoder. */
export function makeEncoder(): DigitEncoder {
  const rng = new Rng(0);
  return new Sequential(
    new Dropout(0.2, { rng }),
    new Linear(64, 64, { rng }),
    new ReLU(),
    new Linear(64, features, { rng }),
  );
}

/** Digits of some classes. */
export function only({ pixels, labels }: Digits, wanted: (label: number) => boolean): Digits {
  const rows = Array.from(labels.keys()).filter((i) => wanted(labels[i] ?? NaN));
  return {
    pixels: Float32Array.from(rows.flatMap((i) => [...pixels.subarray(64 * i, 64 * i + 64)])),
    labels: Int32Array.from(rows, (i) => labels[i] ?? NaN),
  };
}

/** The same digits with the labels of others: what a control learns from. */
export function shuffled({ pixels, labels }: Digits): Digits {
  const order = new Rng(1).randperm(labels.length);
  return { pixels, labels: labels.map((_, i) => labels[order[i] ?? NaN] ?? NaN) };
}

const asRows = ({ pixels, labels }: Digits): HostTensor<Float32Array> => ({
  data: pixels,
  shape: [labels.length, 64],
});

/** Trains by the semi-hard triplets of each batch, those that are right but within the margin; gives the step and the loss after each. */
export async function* train(
  encoder: DigitEncoder,
  known: Digits,
  { steps, margin }: { readonly steps: number; readonly margin: number },
): AsyncGenerator<{ readonly step: number; readonly loss: number }> {
  const rng = new Rng(2);
  const miner = marginMiner({ kind: "semi-hard", margin });
  const rows = { x: asRows(known), y: { data: known.labels, shape: [known.labels.length] } };
  const sampler = mPerClassSampler(known.labels, 6, { size: 48, batches: steps });
  const optimizer = new Optimizer(adam({ learningRate: 3e-3 }), trainable(encoder));
  try {
    let step = 0;
    for await (const { x, y } of batches(new TensorDataset(rows), { batchSampler: sampler, rng })) {
      const loss = await trainStep(encoder, optimizer, () =>
        batchTripletLoss(encoder.forward(x as Tensor2D), y as Tensor, { margin, miner }),
      );
      dispose([x, y]);
      yield { step: ++step, loss };
    }
  } finally {
    optimizer.dispose();
  }
}

/** The embedding of each digit, at length 1. */
export async function embeddingsOf(encoder: DigitEncoder, all: Digits): Promise<HostTensor<Float32Array>> {
  const { data, shape } = await embed(encoder, asRows(all));
  return {
    data: data.map(
      (v, i) => v / (Math.hypot(...data.subarray(i - (i % features), i - (i % features) + features)) || 1),
    ),
    shape,
  };
}

/** How often two digits of one class are nearer than two of different classes. */
export function aucOf(embeddings: HostTensor<Float32Array>, labels: Int32Array): number {
  const { scores, same } = allPairScores({ embeddings, labels }, { metric: "cosine" });
  return verification(scores, same).auc;
}

/** The two directions in which embeddings vary most, turned as the map before where there is one. */
export async function mapOf(
  embeddings: HostTensor<Float32Array>,
  before?: Float32Array,
): Promise<Float32Array> {
  const x: Tensor2D = tensor2d(embeddings.data, embeddings.shape as [number, number]);
  const { embedding, components } = await pca(x, 2);
  const map = Float32Array.from(await embedding.data());
  dispose([x, embedding, components]);
  if (before === undefined) return map;
  const along = (axis: number) =>
    map.reduce((sum, v, i) => (i % 2 === axis ? sum + v * (before[i] ?? 0) : sum), 0);
  const signs = [Math.sign(along(0)) || 1, Math.sign(along(1)) || 1];
  return map.map((v, i) => v * (signs[i % 2] ?? 1));
}

/** The nearest other digits of one, by the angle. */
export function nearest(embeddings: HostTensor<Float32Array>, i: number, count: number): number[] {
  const index = new NeighborIndex(features, { metric: "cosine" });
  index.add(embeddings);
  const query = { data: embeddings.data.slice(features * i, features * i + features), shape: [1, features] };
  return (index.search(query, count, [i])[0] ?? []).map((neighbor) => neighbor.index);
}

/** How alike two digits are, and how much each pixel of the first pulls it to the second: pixel times gradient. */
export async function pullOf(
  encoder: DigitEncoder,
  all: Digits,
  [a, b]: readonly [number, number],
): Promise<{ readonly similarity: number; readonly map: Float32Array }> {
  const row = (i: number): Tensor2D => tensor2d(all.pixels.slice(64 * i, 64 * i + 64), [1, 64]);
  const [mine, other] = [row(a), row(b)];
  const reference = tidy(() => encoder.forward(other) as Tensor2D);
  const score = similarityScore(encoder as never, reference);
  const [found, map] = [score(mine as never), inputXGradient(score)(mine as never) as Tensor];
  const [[similarity = NaN], values] = await Promise.all([found.data(), map.data()]);
  dispose([mine, other, reference, found, map]);
  return { similarity, map: Float32Array.from(values) };
}
