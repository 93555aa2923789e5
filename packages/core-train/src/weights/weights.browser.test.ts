import "@tensorflow/tfjs-backend-cpu";
import {
  adam,
  Linear,
  loadCheckpoint,
  loadWeights,
  Optimizer,
  Rng,
  saveCheckpoint,
  saveWeights,
  trainable,
} from "@pellucid/core-train";
import { encodeEvent, encodeImage, histogram } from "@pellucid/core-train/tensorboard";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => setBackend("cpu"));

const make = (seed: number) => {
  const model = new Linear(3, 2, { rng: new Rng(seed) });
  return { model, optimizer: new Optimizer(adam(), trainable(model)) };
};

test("weights and checkpoints are bytes in a page, too", async () => {
  const [first, second] = [make(0), make(1)];
  loadWeights(second.model, await saveWeights(first.model));
  expect(await saveWeights(second.model)).toEqual(await saveWeights(first.model));
  const bytes = await saveCheckpoint(first);
  loadCheckpoint(bytes, second);
  expect(await saveCheckpoint(second)).toEqual(bytes);
});

test("a checkpoint lasts in the origin's private file system", async () => {
  const bytes = await saveCheckpoint(make(0));
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle("last.safetensors", { create: true });
  const stream = await handle.createWritable();
  await stream.write(bytes);
  await stream.close();
  expect(new Uint8Array(await (await handle.getFile()).arrayBuffer())).toEqual(bytes);
  await folder.removeEntry("last.safetensors");
});

test("event files are made in a page, too, with pictures that it can show", async () => {
  const image = encodeImage({ data: Uint8Array.of(0, 128, 255, 64), shape: [2, 2] });
  const bitmap = await createImageBitmap(
    new Blob([image.png as Uint8Array<ArrayBuffer>], { type: "image/png" }),
  );
  expect([bitmap.width, bitmap.height]).toEqual([2, 2]);
  const record = encodeEvent({ wallTime: 1, step: 2 }, [
    { kind: "image", tag: "digit", image },
    { kind: "histogram", tag: "weights", histogram: histogram([1, 2]) },
  ]);
  expect(new DataView(record.buffer).getBigUint64(0, true)).toBe(BigInt(record.length - 16));
});
