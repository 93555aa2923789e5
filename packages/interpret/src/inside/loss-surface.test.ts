import { Conv2d, Linear, Module, Rng } from "@pellucid/core-train";
import { lossSurface } from "@pellucid/interpret";
import { memory, type Scalar, slice, square, sum, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const model = new Linear(2, 1, { rng: new Rng(0) });
model.weight.assign(tensor2d([[3], [4]]));
const length = () => sum(square(model.weight)) as Scalar; // ‖w‖², 25

test("each direction is as long as the filter, and is what was drawn", async () => {
  const { losses, at } = await lossSurface(model, length, { rng: new Rng(7), points: 5, reach: 0.5 });
  expect(Array.from(at)).toEqual([-0.5, -0.25, 0, 0.25, 0.5]);
  const rng = new Rng(7);
  const drawn = [0, 1].map(() => {
    const [p, q] = Array.from(rng.randn([2, 1]).data) as [number, number];
    return [(5 * p) / Math.hypot(p, q), (5 * q) / Math.hypot(p, q)] as const;
  });
  const [down, right] = drawn as [readonly [number, number], readonly [number, number]];
  const expected = Array.from(at).flatMap((a) =>
    Array.from(at, (b) => (3 + a * down[0] + b * right[0]) ** 2 + (4 + a * down[1] + b * right[1]) ** 2),
  );
  expect(losses.shape).toEqual([5, 5]);
  expect(losses.data).toBeAllclose(expected, { rtol: 1e-5 });
});

test("filters are as long as their own, one by one; biases stay", async () => {
  const conv = new Conv2d(1, 2, 3, { rng: new Rng(1) });
  const filter = (which: number) => () =>
    tidy(() => sum(square(slice(conv.weight, [0, 0, 0, which], [3, 3, 1, 1])))) as Scalar;
  for (const which of [0, 1]) {
    const [size] = filter(which)().dataSync();
    const { losses } = await lossSurface(conv, filter(which), { rng: new Rng(2), points: 3 });
    const [, above, , , middle, , , below] = Array.from(losses.data);
    expect(middle).toBeCloseTo(size as number, 5);
    expect((above as number) + (below as number)).toBeCloseTo(4 * (size as number), 4); // 2 (‖w‖² + ‖d‖²), as ‖d‖ = ‖w‖
  }
  const { losses } = await lossSurface(conv, () => sum(square(conv.bias as NonNullable<typeof conv.bias>)), {
    rng: new Rng(2),
    points: 3,
  });
  expect(new Set(losses.data).size).toBe(1);
});

test("a weight of zeros does not move", async () => {
  class Still extends Module {
    readonly inner = new Linear(2, 1, { rng: new Rng(0), bias: false });
  }
  const still = new Still();
  still.inner.weight.assign(tensor2d([[0], [0]]));
  const { losses } = await lossSurface(still, () => sum(square(still.inner.weight)) as Scalar, {
    rng: new Rng(0),
    points: 3,
  });
  expect(Array.from(losses.data)).toEqual(Array(9).fill(0));
});

test("weights are as before, also when the loss throws or is cancelled", async () => {
  const before = Array.from(model.weight.dataSync());
  const held = memory().numTensors;
  const failing = () => {
    throw new Error("no loss");
  };
  await expect(lossSurface(model, failing, { rng: new Rng(0) })).rejects.toThrow("no loss");
  const stop = new AbortController();
  const onProgress = (done: number) => done === 4 && stop.abort(new Error("enough"));
  await expect(
    lossSurface(model, length, { rng: new Rng(0), signal: stop.signal, onProgress }),
  ).rejects.toThrow("enough");
  expect(Array.from(model.weight.dataSync())).toEqual(before);
  expect(memory().numTensors).toBe(held);
});

test("the number of points is odd, the reach above 0, the loss one number", async () => {
  await expect(lossSurface(model, length, { rng: new Rng(0), points: 4 })).rejects.toThrow(
    "lossSurface: points is 4, expected an odd number, 3 or more",
  );
  await expect(lossSurface(model, length, { rng: new Rng(0), reach: 0 })).rejects.toThrow(
    "lossSurface: reach is 0, expected above 0",
  );
  await expect(lossSurface(model, () => square(model.weight), { rng: new Rng(0) })).rejects.toThrow(
    "lossSurface: the loss is [2, 1], expected",
  );
});
