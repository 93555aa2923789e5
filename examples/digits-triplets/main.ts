// Triplets teach a net which digits are alike; then it compares digits that it never saw.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  batches,
  Dropout,
  fit,
  type FitEvent,
  Linear,
  ReLU,
  Rng,
  Sequential,
  TensorDataset,
} from "@pellucid/core-train";
import { progressBar } from "@pellucid/core-train/node";
import { digits } from "@pellucid/datasets";
import {
  allPairScores,
  batchHard,
  batchTripletLoss,
  embed,
  mPerClassSampler,
  oneShotAccuracy,
  retrievalScores,
  verification,
} from "@pellucid/metric-learning";
import type { Tensor } from "@tensorflow/tfjs-core";

/** The rows of some digits, pixels from 0 to 1. */
function rowsOf(
  { images, labels }: Awaited<ReturnType<typeof digits>>["all"],
  isWanted: (label: number) => boolean,
) {
  const rows = Array.from(labels.data.keys()).filter((i) => isWanted(labels.data[i] as number));
  const data = Float32Array.from(
    rows.flatMap((i) => Array.from(images.data.subarray(64 * i, 64 * i + 64), (p) => p / 16)),
  );
  return {
    x: { data, shape: [rows.length, 64] },
    y: { data: Int32Array.from(rows, (i) => labels.data[i] as number), shape: [rows.length] },
  };
}

/** Trains on the digits 0 to 7; `watch` sees the events. */
export async function main({
  epochs = 6,
  seed = 0,
  watch = (events: AsyncIterable<FitEvent>) => events,
} = {}) {
  const { train, test, all } = await digits();
  const seen = rowsOf(train, (label) => label < 8);
  const rng = new Rng(seed);
  const encoder = new Sequential(
    new Dropout(0.4, { rng }),
    new Linear(64, 128, { rng }),
    new ReLU(),
    new Linear(128, 128, { rng }),
  );
  const sampler = mPerClassSampler(seen.y.data, 8, { size: 64 });
  const data = batches(new TensorDataset(seen), { batchSampler: sampler, rng });
  const loss = (embeddings: Tensor, labels: Tensor) =>
    batchTripletLoss(embeddings, labels, { margin: 0.2, miner: batchHard() });
  for await (const _ of watch(fit(encoder, data, { loss, optimizer: adam({ learningRate: 1e-3 }), epochs })));
  const galleryOf = async ({ x, y }: ReturnType<typeof rowsOf>) => ({
    embeddings: await embed(encoder, x),
    labels: y.data,
  });
  const known = await galleryOf(rowsOf(test, (label) => label < 8));
  const unseen = await galleryOf(rowsOf(all, (label) => label >= 8));
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
  const { seenAuc, unseenAuc, precisionAt1, oneShot } = await main({ watch: progressBar });
  console.log(
    `\nTwo digits 0 to 7 of the test set: AUC ${seenAuc.toFixed(3)}; the nearest training digit is right for ${(100 * precisionAt1).toFixed(1)} %.`,
  );
  console.log(
    `Two of 8 and 9, which were never seen: AUC ${unseenAuc.toFixed(3)}; from one example of each, ${(100 * oneShot).toFixed(1)} % are right.`,
  );
}
