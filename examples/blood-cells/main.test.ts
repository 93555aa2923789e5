import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { writeVoc } from "@pellucid/detection";
import jpeg from "jpeg-js";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { bloodCells, type Slide } from "./blood-cells.ts";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("pictures and boxes are read at a quarter of their size", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pellucid-cells-"));
  for (const inner of ["JPEGImages", "Annotations", "ImageSets/Main"])
    await mkdir(join(folder, inner), { recursive: true });
  const data = Uint8Array.from({ length: 16 * 8 * 4 }, (_, i) => (i % 4 === 0 ? 204 : 51));
  await writeFile(join(folder, "JPEGImages/one.jpg"), jpeg.encode({ data, width: 16, height: 8 }, 100).data);
  const object = { name: "WBC", box: [4, 0, 12, 8] as const, difficult: false, truncated: false };
  const flat = { ...object, box: [4, 4, 4, 4] as const };
  await writeFile(
    join(folder, "Annotations/one.xml"),
    writeVoc({ fileName: "one.jpg", height: 8, width: 16, depth: 3, objects: [object, flat] }),
  );
  await writeFile(join(folder, "ImageSets/Main/test.txt"), "one\n");
  const [slide] = await bloodCells(folder, "test");
  await rm(folder, { recursive: true });
  expect(slide?.picture.shape).toEqual([2, 4, 3]);
  expect([...(slide?.picture.data ?? [])].map((p) => Math.round(5 * p))).toEqual(
    Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 4 : 1)),
  );
  expect([slide?.boxes, slide?.labels]).toEqual([[[1, 0, 3, 2]], [2]]);
});

/** Discs of two colors. */
function madeUp(rng: Rng): Slide {
  const [height, width] = [48, 64];
  const [x = 0, y = 0, kind = 0] = rng.randint(0, 24, [3]).data;
  const [centerX, centerY, label] = [x + 16, y + 12, 1 + (kind % 2)];
  const data = Float32Array.from({ length: height * width * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const isCell = Math.hypot((pixel % width) - centerX, Math.floor(pixel / width) - centerY) < 8;
    return isCell && i % 3 === label ? 0.2 : 0.9;
  });
  const boxes = [[centerX - 8, centerY - 8, centerX + 8, centerY + 8] as const];
  return { picture: { data, shape: [height, width, 3] }, boxes, labels: [label] };
}

test("the loss falls on made-up cells, and nothing leaks", { timeout: 120_000 }, async () => {
  const rng = new Rng(0);
  const slides = Array.from({ length: 24 }, () => madeUp(rng));
  const losses: number[] = [];
  const tensors = memory().numTensors;
  const { model, map } = await main({
    seen: slides,
    unseen: slides.slice(0, 2),
    epochs: 3,
    onStep: (_, loss) => losses.push(loss),
  });
  model.dispose();
  expect(losses).toHaveLength(18);
  expect(losses.at(-1)).toBeLessThan(0.75 * (losses[0] ?? NaN));
  expect(map).toBeGreaterThanOrEqual(0);
  expect(memory().numTensors).toBe(tensors);
});

const data = process.env["PELLUCID_DATA"];

test.runIf(process.env["PELLUCID_LONG"] !== undefined && data !== undefined)(
  "the first losses on BCCD are torchvision's",
  { timeout: 3_600_000 },
  async () => {
    const seen = await bloodCells(join(data as string, "bccd"), "trainval");
    const losses: number[] = [];
    const onStep = (step: number, loss: number) => {
      losses.push(loss);
      if (step === 3) throw new Error("enough");
    };
    await expect(main({ seen, unseen: [], onStep })).rejects.toThrow("enough");
    for (const [i, wanted] of [2.8173, 2.7961, 2.7752].entries()) expect(losses[i]).toBeCloseTo(wanted, 3);
  },
);
