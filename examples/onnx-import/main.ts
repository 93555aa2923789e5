// Imports a digits net that PyTorch trained and wrote as ONNX, adapts it to digits that lie on their side, and writes it again.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  Accuracy,
  adam,
  batches,
  crossEntropy,
  evaluate,
  fit,
  type FitEvent,
  Rng,
} from "@pellucid/core-train";
import { progressBar } from "@pellucid/core-train/node";
import { digits, LabeledImages, toFloatImages } from "@pellucid/datasets";
import { fromOnnx, toOnnx } from "@pellucid/export";
import { type Tensor2D, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";

type Images = LabeledImages<Float32Array>;

/** The images, of 8 × 8 pixels, turned by a quarter to the left. */
function turned({ images: { data, shape }, labels, info }: Images): Images {
  const from = (i: number): number => i - (i % 64) + 8 * (i % 8) + 7 - (Math.floor(i / 8) % 8);
  return new LabeledImages({ data: data.map((_, i) => data[from(i)] as number), shape }, labels, info);
}

/** What the net gets right: as it comes, of digits that lie on their side, and of those after it was trained on such; and the new file. */
export async function main({ epochs = 20, watch = (events: AsyncIterable<FitEvent>) => events } = {}) {
  const { train, test } = await digits();
  const model = fromOnnx<Tensor4D, Tensor2D>(await readFile(join(import.meta.dirname, "digits.onnx")));
  const right = async (images: Images): Promise<number> => {
    const data = batches(images, { size: 100 });
    const { metrics } = await evaluate(model, data, {
      loss: crossEntropy,
      metrics: { accuracy: new Accuracy() },
    });
    return metrics["accuracy"] ?? 0;
  };
  const [asItComes, onItsSide] = [await right(toFloatImages(test)), await right(turned(toFloatImages(test)))];
  const rng = new Rng(0);
  const data = batches(turned(toFloatImages(train)), { size: 64, shuffle: true, rng });
  for await (const _ of watch(
    fit(model, data, { loss: crossEntropy, optimizer: adam({ learningRate: 3e-3 }), epochs }),
  ));
  const adapted = await right(turned(toFloatImages(test)));
  const file = await toOnnx(model, [tensor4d(new Float32Array(64), [1, 8, 8, 1])]);
  return { asItComes, onItsSide, adapted, file };
}

if (import.meta.main) {
  await useBackend();
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const { asItComes, onItsSide, adapted, file } = await main({ watch: progressBar });
  console.log(`\nAs PyTorch trained it, the net gets ${percent(asItComes)} of 450 unseen digits right.`);
  console.log(
    `Of digits on their side it gets ${percent(onItsSide)} right, and ${percent(adapted)} after training.`,
  );
  console.log(`The adapted net is an ONNX file of ${(file.length / 1000).toFixed(0)} kB again.`);
}
