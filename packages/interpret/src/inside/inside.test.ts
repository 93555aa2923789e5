import {
  AvgPool2d,
  Conv2d,
  Linear,
  ReLU,
  Rng,
  Sequential,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import {
  activationsOf,
  deadUnits,
  filterImages,
  gradientFlow,
  histogram,
  histograms,
  receptiveField,
  weightMatrix,
} from "@pellucid/interpret";
import { mean, mul, tensor2d, type Tensor4D, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);

test("every layer's output, in order, a layer that runs twice twice", () => {
  const relu = new ReLU();
  const model = new Sequential(new Linear(2, 3, { rng }), relu, new Linear(3, 2, { rng }), relu);
  const x = tensor2d([[1, -1]]);
  const found = activationsOf(model, () => model.forward(x));
  expect(Object.keys(found)).toEqual(["0", "1", "2", "1#2", ""]);
  expect(found["1#2"]).toBeAllclose(model.forward(x));
  expect(() => activationsOf(model, () => model.forward(x))).toLeakNothing();
  const stop = () => {
    model.forward(x);
    throw new Error("stop");
  };
  expect(() => activationsOf(model, stop)).toThrow("stop");
  expect(() => activationsOf(model, stop)).toLeakNothing();
  expect(Object.hasOwn(relu, "forward")).toBe(false);
});

test("filters are a picture for each channel out, weights a row for each unit", () => {
  const conv = new Conv2d(2, 3, [3, 5], { rng });
  expect(filterImages(conv)).toHaveShape([3, 3, 5, 2]);
  expect(weightMatrix(conv)).toHaveShape([3, 30]);
  const layer = new Linear(2, 3, { rng });
  layer.weight.assign(
    tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  );
  expect(weightMatrix(layer)).toBeAllclose([1, 4, 2, 5, 3, 6]);
});

test("a histogram counts every number once, the largest of a falling row too, and those that are none", async () => {
  const found = histogram([4, 3, 0, 0, NaN, Infinity], { bins: 4 });
  expect([...found.counts]).toEqual([2, 0, 0, 2]);
  expect(found).toMatchObject({ zeros: 2, notANumber: 1, infinite: 1, mean: 1.75 });
  expect([...histogram([2, 2], { bins: 1 }).counts]).toEqual([2]);
  expect([...histogram([-1, 0, 1, 9], { bins: 2, range: [0, 2] }).counts]).toEqual([1, 1]);
  const model = new Linear(2, 3, { rng });
  expect(Object.keys(await histograms(trainable(model)))).toEqual(["weight", "bias"]);
});

test("a channel that is never positive is dead", async () => {
  const maps = tensor([
    [
      [
        [1, 0, -1],
        [0, 0, 0],
      ],
    ],
  ]);
  expect(await deadUnits(maps)).toEqual([1, 2]);
});

test("gradient flow says which parameters do not learn", async () => {
  const model = new Linear(2, 1, { rng });
  const x = tensor2d([[1, 2]]);
  const { gradients } = valueAndGradients(trainable(model), () => mean(model.forward(x)));
  const fine = await gradientFlow(trainable(model), gradients);
  expect(fine.map(({ path, alarm }) => [path, alarm])).toEqual([
    ["weight", null],
    ["bias", null],
  ]);
  const alarms = async (factor: number) =>
    (await gradientFlow(trainable(model), { weight: mul(gradients["weight"] as typeof x, factor) })).map(
      ({ alarm }) => alarm,
    );
  expect(await alarms(1e-12)).toEqual(["vanishing", "no gradient"]);
  expect(await alarms(1e6)).toEqual(["exploding", "no gradient"]);
  expect(await alarms(NaN)).toEqual(["not a number", "no gradient"]);
  expect(await alarms(Infinity)).toEqual(["infinite", "no gradient"]);
});

test("two 3×3 convolutions with a pool between see 8×8 pixels", async () => {
  const last = new Conv2d(2, 2, 3, { rng, padding: 1 });
  const model = new Sequential(new Conv2d(1, 2, 3, { rng, padding: 1 }), new ReLU(), new AvgPool2d(2), last);
  const field = await receptiveField((x: Tensor4D) => model.forward(x), last, [16, 16, 1], {
    rng,
    samples: 2,
  });
  expect(field).toMatchObject({ height: 8, width: 8, top: 5, left: 5 });
  expect(field.influence).toHaveShape([16, 16]);
  const run = (x: Tensor4D) => model.forward(x);
  const corner = await receptiveField(run, last, [16, 16, 1], { rng, samples: 2, position: [0, 1] });
  expect(corner).toMatchObject({ top: 0, left: 0 });
  expect(corner.height).toBeLessThan(8);
  const beyond = { rng, position: [0, 99] } as const;
  await expect(receptiveField(run, last, [16, 16, 1], beyond)).rejects.toThrow("a column from 0 to");
});
