import { capture, gradient, Linear, Module, Rng, ShapeError, StructError } from "@pellucid/core-train";
import {
  ablationCam,
  classScore,
  deepLift,
  kernelShap,
  lime,
  lrp,
  type Score,
  shapley,
} from "@pellucid/interpret";
import {
  add,
  mul,
  relu,
  reshape,
  slice,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

/** An image, its time, and labels that no attribution reaches. */
interface Frame {
  readonly image: Tensor4D;
  readonly time: Tensor2D;
  readonly label: Tensor1D;
}

const frame: Frame = {
  image: tensor([1, 2, 3, 4, -1, 0, 2, 5], [2, 2, 2, 1]),
  time: tensor([[2], [3]]),
  label: tensor([0, 1], [2], "int32"),
};

/** The sum of the image times the time: `Σ x t`. */
const product: Score<Frame> = ({ image, time }) =>
  mul(sum(image, [1, 2, 3]), reshape(time, [-1])) as Tensor1D;
/** The same of a tensor that holds both. */
const flat = (x: Tensor2D) => mul(sum(sliced(x, 0, 4), 1), reshape(sliced(x, 4, 1), [-1])) as Tensor1D;
const sliced = (x: Tensor2D, from: number, size: number) => slice(x, [0, from], [-1, size]);
const both = tensor([1, 2, 3, 4, 2, -1, 0, 2, 5, 3], [2, 5]) as Tensor2D;

const numbers = ({ image, time, label }: Frame) => ({
  image: [...image.dataSync()],
  time: [...time.dataSync()],
  label: [...label.dataSync()],
});
const apart = (x: Tensor) => {
  const rows = x.arraySync() as number[][];
  return { image: rows.flatMap((row) => row.slice(0, 4)), time: rows.flatMap((row) => row.slice(4)) };
};

test.each([
  ["shapley", shapley],
  ["kernelShap", kernelShap],
] as const)(
  "%s of a record: each number of x · t has half of what it adds, the labels have nothing",
  async (_, tool) => {
    const rng = new Rng(0);
    const found = numbers(await tool<Frame>(product, { rng })(frame));
    expect(found.label).toEqual([0, 0]);
    const expected = { image: [1, 2, 3, 4, -1.5, 0, 3, 7.5], time: [10, 9] };
    for (const field of ["image", "time"] as const)
      for (const [i, value] of expected[field].entries()) expect(found[field][i]).toBeCloseTo(value, 3);
  },
);

test("LIME of a record is that of one tensor that holds all of it", async () => {
  const found = numbers(await lime(product, { rng: new Rng(1), samples: 64 })(frame));
  const whole = apart(await lime(flat, { rng: new Rng(1), samples: 64 })(both));
  expect(found.image).toBeAllclose(whole.image);
  expect(found.time).toBeAllclose(whole.time);
});

test("segments of several tensors with one number are hidden together", async () => {
  const image = { data: new Int32Array(1), shape: [1, 1, 1] };
  const together = { rng: new Rng(0), segments: [image, { data: Int32Array.of(0), shape: [1] }] };
  const found = numbers(await shapley(product, together)(frame));
  expect(found.time).toBeAllclose([20, 18]); // the whole score
  const separate = { ...together, segments: [image, { data: Int32Array.of(1), shape: [1] }] };
  expect(numbers(await shapley(product, separate)(frame)).time).toBeAllclose([10, 9]);
});

test("a baseline is a record too", async () => {
  const baseline = { ...frame, time: tensor2d([[1], [1]]) };
  const found = numbers(await shapley(product, { rng: new Rng(0), baseline })(frame));
  expect(found.image).toBeAllclose(new Array(8).fill(0));
  expect(found.time).toBeAllclose([10, 12]); // (t − 1) Σ x
});

test("DeepLIFT of a record adds up, through an activation whose derivative is 0 too", () => {
  const score: Score<Frame> = ({ image, time }) =>
    relu(add(sum(image, [1, 2, 3]), mul(reshape(time, [-1]), -4))) as Tensor1D; // relu(10 − 8), relu(6 − 12)
  const map = deepLift(score)(frame);
  const { image, time, label } = numbers(map);
  expect(image).toBeAllclose([1, 2, 3, 4, 0, 0, 0, 0]); // 2 / 2 and 0 / −6 for each unit of the difference
  expect(time).toBeAllclose([-8, 0]);
  expect(label).toEqual([0, 0]);
});

test("LRP of a record adds up, and a box holds for all of its tensors", () => {
  const layers = {
    image: new Linear(4, 3, { rng: new Rng(0), bias: false }),
    time: new Linear(1, 3, { rng: new Rng(1), bias: false }),
  };
  const score: Score<Frame> = ({ image, time }) =>
    sum(relu(add(layers.image.forward(reshape(image, [-1, 4])), layers.time.forward(time))), 1) as Tensor1D;
  const expected = [...score(frame).dataSync()];
  for (const options of [{}, { box: [-1, 5] as const }]) {
    const { image, time, label } = numbers(lrp(score, options)(frame));
    const total = [0, 1].map((b) => image.slice(4 * b, 4 * b + 4).reduce((a, x) => a + x, time[b] ?? NaN));
    expect(total).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-4 });
    expect(label).toEqual([0, 0]);
    expect(Math.max(...time.map(Math.abs))).toBeGreaterThan(0.01);
  }
});

test("Ablation-CAM of a record is that of its image, where the rest is fixed", async () => {
  class Net extends Module {
    readonly features = new Linear(1, 3, { rng: new Rng(0) });
    readonly head = new Linear(3, 2, { rng: new Rng(1) });
    forward({ image, time }: Pick<Frame, "image" | "time">): Tensor2D {
      const maps = relu(this.features.forward(image)); // [batch, height, width, 3]
      return mul(this.head.forward(sum(maps, [1, 2]) as Tensor2D), time);
    }
  }
  const net = new Net();
  const score = classScore<Frame>(net, 1);
  const found = await ablationCam(score, net.features, { positive: false })(frame);
  const one = (image: Tensor4D) => score({ ...frame, image });
  const expected = await ablationCam(one, net.features, { positive: false, batchSize: 1 })(frame.image);
  expect(found).toBeAllclose(expected);
  expect(capture(net.features, () => score(frame)).shape).toEqual([2, 2, 2, 3]);
});

test("a structure whose tensors have different examples is refused", async () => {
  const graph = { x: tensor([[1], [2], [3]]), globals: tensor([[1]]) };
  const score: Score<typeof graph> = ({ x }) => reshape(sum(x), [1]);
  await expect(shapley(score, { rng: new Rng(0) })(graph)).rejects.toThrow(ShapeError);
  await expect(shapley(score, { rng: new Rng(0) })(graph)).rejects.toThrow(
    "shapley: the input has [3, 1] and [1, 1], expected the examples along the first axis of all.",
  );
  expect(() => deepLift(score)(graph)).toThrow(
    "deepLift: the input has [3, 1] and [1, 1], expected the examples along the first axis of all.",
  );
  const labels = { label: tensor([1], [1], "int32") };
  await expect(
    lime(({ label }: typeof labels) => add(label, 0) as Tensor1D, { rng: new Rng(0) })(labels),
  ).rejects.toThrow(StructError);
  const segments = [{ data: new Int32Array(1), shape: [1, 1, 1] }];
  await expect(shapley(product, { rng: new Rng(0), segments })(frame)).rejects.toThrow(
    "shapley: segments is 1, expected one for each of 2 float tensors.",
  );
  expect(gradient(product)(frame).time.shape).toEqual([2, 1]);
});
