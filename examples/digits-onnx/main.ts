// Trains a small CNN on the UCI digits, writes it as an ONNX file, and lets onnxruntime answer the test.
import { writeFile } from "node:fs/promises";
import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { adam, batches, crossEntropy, fit, type FitEvent, Rng } from "@pellucid/core-train";
import { progressBar } from "@pellucid/core-train/node";
import { digits, toFloatImages } from "@pellucid/datasets";
import { toOnnx } from "@pellucid/export";
import { tensor4d } from "@tensorflow/tfjs-core";
import * as ort from "onnxruntime-web";

/** Trains, exports, and returns the file and the share of the test digits that onnxruntime gets right. */
export async function main({ epochs = 20, watch = (events: AsyncIterable<FitEvent>) => events } = {}) {
  const { train, test } = await digits();
  const rng = new Rng(0);
  const model = new DigitsCnn({ rng });
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  for await (const _ of watch(fit(model, data, { loss: crossEntropy, optimizer: adam(), epochs })));
  const file = await toOnnx(model, [tensor4d(new Float32Array(64), [1, 8, 8, 1])]);
  return { file, accuracy: await accuracyOf(file, test) };
}

/** What onnxruntime gets right, of a batch of any size. */
async function accuracyOf(file: Uint8Array, test: Parameters<typeof toFloatImages>[0]): Promise<number> {
  const session = await ort.InferenceSession.create(file);
  let [right, count] = [0, 0];
  for await (const { x, y } of batches(toFloatImages(test), { size: 100 })) {
    const { output } = await session.run({
      input: new ort.Tensor("float32", await x.data<"float32">(), x.shape),
    });
    const logits = output?.data as Float32Array;
    for (const [i, label] of (await y.data()).entries()) {
      const scores = logits.subarray(10 * i, 10 * i + 10);
      right += scores.indexOf(Math.max(...scores)) === label ? 1 : 0;
      count++;
    }
  }
  return right / count;
}

if (import.meta.main) {
  await useBackend();
  const { file, accuracy } = await main({ watch: progressBar });
  await writeFile("digits.onnx", file);
  console.log(`\ndigits.onnx has ${(file.length / 1000).toFixed(0)} kB.`);
  console.log(`In onnxruntime ${(100 * accuracy).toFixed(1)} % of 450 unseen digits are right.`);
}
