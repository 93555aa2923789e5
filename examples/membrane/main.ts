// A U-Net finds the membranes between cells in pictures of an electron microscope.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  cosineAnnealingLr,
  crossEntropy,
  Optimizer,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { checkMasks, predictTiled, SegmentationMetrics, UNet } from "@pellucid/segmentation";
import { argMax, dispose, type Tensor3D, tensor3d, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { decode } from "fast-png";

/** A gray picture from −0.5 to 0.5 and, for each pixel, whether it is membrane (1) or inside a cell (0). */
export interface Section {
  readonly size: number;
  readonly picture: Float32Array;
  readonly mask: Int32Array;
}

/** Sections `from` to `to` of ISBI's challenge of 2012. @param folder has `image/0.png` and `label/0.png` and so on, where black is membrane */
export async function membrane(folder: string, from: number, to: number): Promise<Section[]> {
  const read = async (kind: string, i: number) =>
    decode(await readFile(join(folder, kind, `${i}.png`))) as { width: number; data: Uint8Array };
  return Promise.all(
    Array.from({ length: to - from + 1 }, async (_, i) => {
      const [picture, label] = [await read("image", from + i), await read("label", from + i)];
      return {
        size: picture.width,
        picture: Float32Array.from(picture.data, (p) => p / 255 - 0.5),
        mask: Int32Array.from(label.data, (p) => (p < 128 ? 1 : 0)),
      };
    }),
  );
}

/** A batch of squares, mirrored at random; drawn as in the same program in PyTorch. */
function squares(
  sections: readonly Section[],
  { count, side, rng }: { count: number; side: number; rng: Rng },
) {
  const which = rng.randint(0, sections.length, [count]).data;
  const size = sections[0]?.size ?? side;
  const corners = rng.randint(0, size - side + 1, [count, 2]).data;
  const mirrors = rng.randint(0, 2, [count, 2]).data;
  const x = new Float32Array(count * side * side);
  const y = new Int32Array(count * side * side);
  for (let n = 0; n < count; n++)
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const [down, right] = [
          mirrors[2 * n] === 1 ? side - 1 - row : row,
          mirrors[2 * n + 1] === 1 ? side - 1 - column : column,
        ];
        const from = ((corners[2 * n] ?? NaN) + down) * size + (corners[2 * n + 1] ?? NaN) + right;
        const at = (n * side + row) * side + column;
        x[at] = sections[which[n] ?? NaN]?.picture[from] ?? NaN;
        y[at] = sections[which[n] ?? NaN]?.mask[from] ?? NaN;
      }
  const images: Tensor4D = tensor4d(x, [count, side, side, 1]);
  const labels: Tensor3D = tensor3d(y, [count, side, side], "int32");
  return { images, labels };
}

/** Trains on squares of `seen` sections, and measures on `unseen` ones, tile by tile. */
export async function main({
  seen,
  unseen,
  steps = 300,
  side = 128,
  channels = 8,
  rate = 5e-3,
  onStep = (_step: number, _loss: number): void => {},
}: {
  readonly seen: readonly Section[];
  readonly unseen: readonly Section[];
  readonly steps?: number;
  readonly side?: number;
  readonly channels?: number;
  /** The learning rate of the first step. */
  readonly rate?: number;
  readonly onStep?: (step: number, loss: number) => void;
}) {
  checkMasks(
    seen.map(({ mask, size }) => ({ data: mask, shape: [size, size] })),
    2,
  );
  const rng = new Rng(0);
  const model = new UNet(1, 2, { rng, channels, depth: 3 });
  const optimizer = new Optimizer(
    adam({ learningRate: cosineAnnealingLr(rate, { tMax: steps }) }),
    trainable(model),
  );
  for (let step = 1; step <= steps; step++) {
    const { images, labels } = squares(seen, { count: 4, side, rng });
    const loss = await trainStep(model, optimizer, () => crossEntropy(model.forward(images), labels));
    dispose([images, labels]);
    onStep(step, loss);
  }
  optimizer.dispose();
  const metrics = new SegmentationMetrics(2);
  for (const { picture, mask, size } of unseen) {
    const image: Tensor4D = tensor4d(picture, [1, size, size, 1]);
    const logits = await predictTiled(model, image, { size: 2 * side, overlap: side / 2 });
    const labels = argMax(logits, -1);
    metrics.add(await labels.data(), mask);
    dispose([image, logits, labels]);
  }
  const { meanIou, dice, pixelAccuracy } = metrics.scores();
  return { model, meanIou, membraneDice: dice[1] ?? NaN, pixelAccuracy };
}

if (import.meta.main) {
  const root = process.env["PELLUCID_DATA"];
  if (root === undefined)
    throw new Error("Set PELLUCID_DATA to a folder that has membrane/image/0.png and so on.");
  await useBackend();
  const folder = join(root, "membrane");
  const [seen, unseen] = [await membrane(folder, 0, 23), await membrane(folder, 24, 29)];
  const onStep = (step: number, loss: number) => {
    if (step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(3)}`);
  };
  const { meanIou, membraneDice, pixelAccuracy } = await main({ seen, unseen, onStep });
  console.log(
    `Six unseen sections: mean IoU ${meanIou.toFixed(3)}, Dice of membranes ${membraneDice.toFixed(3)}, ${(100 * pixelAccuracy).toFixed(1)} % of the pixels.`,
  );
}
