import {
  batches,
  collate,
  compose,
  mapDataset,
  mixUp,
  randomCrop,
  randomHorizontalFlip,
  Rng,
  toFloat,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

class Photos {
  readonly length = 6;
  get(index: number) {
    const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * 37 + index * 11) % 256);
    return { x: { data, shape: [8, 8, 3] as const }, y: index % 2 };
  }
}

const augment = compose(randomCrop(6, { padding: 2 }), randomHorizontalFlip());
const views = mapDataset(new Photos(), ({ x, y }, rng) => ({ x: augment(toFloat(x), rng), y }));

test("augmented images are batched, the same for the same seed, others in the next epoch", async () => {
  const epochs = async () => {
    const loader = batches(views, { size: 3, shuffle: true, rng: new Rng(1) });
    const seen: number[][] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      for await (const { x } of loader) {
        const images: Tensor4D = x;
        expect(images).toHaveShape([3, 6, 6, 3]);
        seen.push([...images.dataSync()]);
      }
    }
    return seen;
  };
  const seen = await epochs();
  expect(await epochs()).toEqual(seen);
  expect(new Set(seen.map(String)).size).toBe(4);
});

test("batches are mixed as they are put together", async () => {
  const mix = mixUp({ classes: 2 });
  const rng = new Rng(2);
  const mixed = batches(views, { size: 3, collate: (items) => mix(collate(items), rng) });
  for await (const { x, y } of mixed) {
    expect(x).toHaveShape([3, 6, 6, 3]);
    expect(y).toHaveShape([3, 2]);
    const shares = [...y.dataSync()];
    for (let i = 0; i < 6; i += 2) expect((shares[i] as number) + (shares[i + 1] as number)).toBeCloseTo(1);
  }
});
