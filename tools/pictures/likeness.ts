import {
  adam,
  batches,
  Linear,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { batchTripletLoss, embed } from "@pellucid/metric-learning";
import { type Rank, reshape } from "@tensorflow/tfjs-core";
import { drawing, pixels, text } from "./svg.ts";

/** Unseen digits, and the unseen digits next to each of them, after triplets taught which are alike. */
export async function likeness(): Promise<string> {
  const { train, test } = await digits();
  const rng = new Rng(0);
  const encoder = new Sequential(new Linear(64, 64, { rng }), new ReLU(), new Linear(64, 16, { rng }));
  const optimizer = new Optimizer(adam({ learningRate: 3e-3 }), trainable(encoder));
  for (let epoch = 0; epoch < 4; epoch++)
    for await (const { x, y } of batches(toFloatImages(train), { size: 64, shuffle: true, rng }))
      await trainStep(encoder, optimizer, () =>
        batchTripletLoss(encoder.forward(reshape<Rank.R2>(x, [x.shape[0] ?? 0, 64])), y, { margin: 0.2 }),
      );
  const { images } = toFloatImages(test);
  const { data: found } = await embed(encoder, { data: images.data, shape: [450, 64] });
  const unit = (i: number) => {
    const own = [...found.subarray(16 * i, 16 * i + 16)];
    const length = Math.hypot(...own);
    return own.map((value) => value / length);
  };
  const units = Array.from({ length: 450 }, (_, i) => unit(i));
  const likenessOf = (a: number, b: number) =>
    (units[a] ?? []).reduce((sum, value, k) => sum + value * (units[b]?.[k] ?? 0), 0);
  const digit = (i: number, left: number, top: number) =>
    pixels([left, top], [8, 8], 6, (row, column) => [1 - (images.data[64 * i + 8 * row + column] ?? 0)]);
  const rows = [0, 3, 5, 7].map((query, row) => {
    const others = [...units.keys()].filter((i) => i !== query);
    const nearest = others.toSorted((a, b) => likenessOf(query, b) - likenessOf(query, a)).slice(0, 8);
    return [
      digit(query, 16, 44 + 60 * row),
      ...nearest.map((i, k) => digit(i, 112 + 64 * k, 44 + 60 * row)),
    ].join("");
  });
  return drawing(
    292,
    text(16, 28, "this one"),
    text(112, 28, "those that are most like it, of 449 unseen digits"),
    ...rows,
  );
}
