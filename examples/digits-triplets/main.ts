// Triplets teach a net which digits are alike; then it compares digits that it never saw.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  affineGrid,
  Conv2d,
  Flatten,
  gridSample,
  type HostTensor,
  Linear,
  MaxPool2d,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import {
  allPairScores,
  batchHard,
  batchTripletLoss,
  embed,
  meanOfAll,
  oneShotAccuracy,
  retrievalScores,
  verification,
} from "@pellucid/metric-learning";
import { dispose, tensor1d, tensor3d, tensor4d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** Pictures `[picture, 8, 8, 1]` from 0 to 1, and the digit on each. */
export type Digits = { readonly x: HostTensor<Float32Array>; readonly y: HostTensor<Int32Array> };

/** The pictures of some digits. */
function picturesOf(
  { images, labels }: Awaited<ReturnType<typeof digits>>["all"],
  isWanted: (label: number) => boolean,
): Digits {
  const wanted = Array.from(labels.data.keys()).filter((i) => isWanted(labels.data[i] ?? NaN));
  const data = wanted.flatMap((i) => Array.from(images.data.subarray(64 * i, 64 * i + 64), (p) => p / 16));
  return {
    x: { data: Float32Array.from(data), shape: [wanted.length, 8, 8, 1] },
    y: { data: Int32Array.from(wanted, (i) => labels.data[i] ?? NaN), shape: [wanted.length] },
  };
}

/** Two convolutions, and 128 numbers for a digit. */
function digitEncoder(rng: Rng) {
  return new Sequential(
    new Conv2d(1, 32, 3, { rng, padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(32, 64, 3, { rng, padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(64 * 4, 128, { rng }),
  );
}

const [kinds, each] = [16, 4];

/** Four pictures each of sixteen kinds: a kind is a digit from 0 to 7, by a quarter turn or several. Each picture is moved, turned, stretched and slanted a little. */
function drawBatch(seen: Digits, rng: Rng) {
  const byDigit = Array.from({ length: 8 }, (_, digit) =>
    Array.from(seen.y.data.keys()).filter((i) => seen.y.data[i] === digit),
  );
  const chosen = rng.randperm(32).subarray(0, kinds);
  const count = kinds * each;
  const data = new Float32Array(64 * count);
  for (const [k, kind] of chosen.entries()) {
    const own = byDigit[kind % 8] ?? [];
    for (const [n, i] of rng.randperm(own.length).subarray(0, each).entries()) {
      const from = 64 * (own[i] ?? NaN);
      data.set(seen.x.data.subarray(from, from + 64), 64 * (each * k + n));
    }
  }
  const draw = (most: number) => rng.uniform([count], -most, most).data;
  const [turns, wide, high] = [draw(0.175), draw(0.14), draw(0.14)];
  const [slants, right, down] = [draw(0.21), draw(0.21), draw(0.21)];
  const theta = Array.from(turns, (turn, i) => {
    const angle = turn + (Math.PI / 2) * Math.floor((chosen[Math.floor(i / each)] ?? NaN) / 8);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [w, h, slant] = [1 + (wide[i] ?? NaN), 1 + (high[i] ?? NaN), slants[i] ?? NaN];
    return [
      [cos * w, -sin * h + slant, right[i] ?? NaN],
      [sin * w, cos * h, down[i] ?? NaN],
    ];
  });
  const x = tidy(() => {
    const grid = affineGrid(tensor3d(theta), [8, 8]); //        [picture, 8, 8, 2]
    return gridSample(tensor4d(data, [count, 8, 8, 1]), grid); // [picture, 8, 8, 1]
  });
  const labels = Int32Array.from({ length: count }, (_, i) => chosen[Math.floor(i / each)] ?? NaN);
  return { x, y: tensor1d(labels, "int32") };
}

/** Trains on the digits 0 to 7, and measures on others of them and on 8 and 9. */
export async function main({
  steps = 600,
  seed = 0,
  onStep = (_step: number, _loss: number): void => {},
} = {}) {
  const { train, test, all } = await digits();
  const seen = picturesOf(train, (label) => label < 8);
  const rng = new Rng(seed);
  const encoder = digitEncoder(rng);
  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(encoder));
  for (let step = 1; step <= steps; step++) {
    const { x, y } = drawBatch(seen, rng);
    const loss = await trainStep(encoder, optimizer, () =>
      batchTripletLoss(encoder.forward(x as Tensor4D), y, {
        margin: 0.2,
        miner: batchHard(),
        reducer: meanOfAll,
      }),
    );
    dispose([x, y]);
    onStep(step, loss);
  }
  optimizer.dispose();
  const galleryOf = async ({ x, y }: Digits) => ({ embeddings: await embed(encoder, x), labels: y.data });
  const known = await galleryOf(picturesOf(test, (label) => label < 8));
  const unseen = await galleryOf(picturesOf(all, (label) => label >= 8));
  const auc = (gallery: typeof known) => {
    const { scores, same } = allPairScores(gallery, { metric: "cosine" });
    return verification(scores, same).auc;
  };
  const reference = await galleryOf(seen);
  const { precisionAt1 } = retrievalScores(known, { reference, metric: "cosine" });
  const oneShot = oneShotAccuracy(unseen, { rng: new Rng(1), ways: 2, metric: "cosine" });
  return { encoder, seenAuc: auc(known), unseenAuc: auc(unseen), precisionAt1, oneShot };
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const onStep = (step: number, loss: number) => {
    if (step % 100 === 0) console.log(`step ${step}: loss ${loss.toFixed(3)}`);
  };
  const seed = Number(process.argv[2] ?? 0);
  const { seenAuc, unseenAuc, precisionAt1, oneShot } = await main({ seed, onStep });
  console.log(
    `Two digits 0 to 7 of the test set: AUC ${seenAuc.toFixed(3)}; the nearest training digit is right for ${(100 * precisionAt1).toFixed(1)} %.`,
  );
  console.log(
    `Two of 8 and 9, which were never seen: AUC ${unseenAuc.toFixed(3)}; from one example of each, ${(100 * oneShot).toFixed(1)} % are right.`,
  );
}
