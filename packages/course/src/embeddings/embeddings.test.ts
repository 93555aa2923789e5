import { useBackend } from "@pellucid/backends";
import { digits, toFloatImages } from "@pellucid/datasets";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { inside } from "./embedding-plane.ts";
import {
  aucOf,
  type Digits,
  embeddingsOf,
  makeEncoder,
  mapOf,
  nearest,
  only,
  pullOf,
  shuffled,
  train,
} from "./program.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

async function some(part: "train" | "test", count: number): Promise<Digits> {
  const images = toFloatImages((await digits())[part]);
  const items = Array.from({ length: count }, (_, i) => images.get(i));
  return {
    pixels: Float32Array.from(items.flatMap(({ x }) => [...x.data])),
    labels: Int32Array.from(items, ({ y }) => Number(y)),
  };
}

test(
  "triplets bring equal digits together, and those of others' labels do not",
  { timeout: 60_000 },
  async () => {
    const known = only(await some("train", 800), (label) => label < 8);
    const unseen = only(await some("test", 200), (label) => label < 8);
    const tensors = memory().numTensors;
    const auc: number[] = [];
    for (const labeled of [known, shuffled(known)]) {
      const encoder = makeEncoder();
      for await (const { loss } of train(encoder, labeled, { steps: 80, margin: 0.2 }))
        expect(loss).toBeGreaterThan(0);
      const found = await embeddingsOf(encoder, unseen);
      auc.push(aucOf(found, unseen.labels));
      if (auc.length === 1) {
        const [near = 0] = nearest(found, 0, 1);
        const { similarity, map } = await pullOf(encoder, unseen, [0, near]);
        const [own, other] = [0, near].map((i) => found.data.subarray(16 * i, 16 * i + 16));
        expect(similarity).toBeCloseTo(
          own?.reduce((sum, v, f) => sum + v * (other?.[f] ?? NaN), 0) ?? NaN,
          5,
        );
        expect(similarity).toBeGreaterThan(0.5);
        expect(map.some((v) => v > 0)).toBe(true);
        const plane = await mapOf(found);
        expect(
          await mapOf(
            found,
            plane.map((v) => -v),
          ),
        ).toEqual(plane.map((v) => -v));
      }
      encoder.dispose();
    }
    expect(auc[0]).toBeGreaterThan(0.9);
    expect(auc[1]).toBeLessThan(0.8); // an untrained network has 0.82, plain pixels 0.88
    expect(memory().numTensors).toBe(tensors);
  },
);

test("what is inside of a drawn line", () => {
  const line = [
    [0, 0],
    [4, 0],
    [4, 4],
    [2, 1],
    [0, 4],
  ] as const;
  expect(
    [
      [1, 1],
      [3, 2],
      [2, 3],
      [5, 1],
    ].map(([x = 0, y = 0]) => inside([x, y], line)),
  ).toEqual([true, true, false, false]);
});
