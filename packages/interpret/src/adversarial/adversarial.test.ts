import { type Layer, Linear, Rng } from "@pellucid/core-train";
import { fgsm, marginScore, minimalPerturbation, pgd, transferability } from "@pellucid/interpret";
import {
  memory,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  mul,
  sum,
  pow,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const model = new Linear(3, 2, { rng: new Rng(0), bias: false });
model.weight.assign(
  tensor2d([
    [1, -1],
    [2, 0],
    [-3, 1],
  ]),
);
const x = tensor2d([[1, 2, 3]]);
const margin = marginScore(model, 0); // (2, 2, -4) · x

test("one step away from a class, and one towards it", async () => {
  expect(margin(x)).toBeAllclose([-6]);
  expect(await fgsm(margin, { epsilon: 0.1 })(x)).toBeAllclose([0.9, 1.9, 3.1]);
  expect(await fgsm(margin, { epsilon: 0.1, direction: "raise" })(x)).toBeAllclose([1.1, 2.1, 2.9]);
  expect(await fgsm(margin, { epsilon: 0.1, range: [1, 3] })(x)).toBeAllclose([1, 1.9, 3]);
});

test("a gradient of 1e-7 is not zero: defect 6 of Captum", async () => {
  const faint = (at: Tensor2D) => mul<Tensor1D>(sum(at, 1), 1e-7);
  expect(await fgsm(faint, { epsilon: 0.1 })(x)).toBeAllclose([0.9, 1.9, 2.9]);
});

test("the walk never leaves the ball, by its largest number or by its length", async () => {
  const curved = (at: Tensor2D) => sum(pow(at, 3), 1) as Tensor1D;
  for (const rng of [undefined, new Rng(1)]) {
    const box = await pgd(curved, { epsilon: 0.3, ...(rng && { rng }) })(x);
    expect(box).toBeAllclose([0.7, 1.7, 2.7], { atol: 1e-5 });
  }
  const ball = await pgd(margin, { epsilon: 0.5, norm: "l2" })(x);
  const change = Array.from(sub(ball, x).dataSync());
  expect(Math.hypot(...change)).toBeCloseTo(0.5, 5);
  expect(change).toBeAllclose(
    [2, 2, -4].map((w) => (-0.5 * w) / Math.sqrt(24)),
    { atol: 1e-5 },
  );
});

test("the smallest change of a linear net is the closed form", async () => {
  const leading = tensor2d([[3, 2, 1]]); // margin 6
  const near = await minimalPerturbation(margin, { overshoot: 0 })(leading);
  expect(sub(leading, near)).toBeAllclose(
    [2, 2, -4].map((w) => (6 * w) / 24),
    { atol: 1e-5 },
  );
  const box = await minimalPerturbation(margin, { overshoot: 0, norm: "linf" })(leading);
  expect(sub(leading, box)).toBeAllclose([0.75, 0.75, -0.75], { atol: 1e-5 });
  expect(margin(await minimalPerturbation(margin)(leading)).dataSync()[0]).toBeLessThan(0);
});

test("no tensors leak, also when it is aborted", async () => {
  const held = memory().numTensors;
  (await minimalPerturbation(margin)(x)).dispose();
  (await pgd(margin, { epsilon: 1 })(x)).dispose();
  await expect(pgd(margin, { epsilon: 1, signal: AbortSignal.abort(new Error("stop")) })(x)).rejects.toThrow(
    "stop",
  );
  expect(memory().numTensors).toBe(held);
  expect(() => marginScore(model, 2)(x)).toThrow("a class from 0 to 1");
  expect(() => marginScore(model, [0, 1])(x)).toThrow("one for all or one for each of the 1 examples");
});

test("what fools a linear net fools its copy, and not one that looks at other numbers", async () => {
  const looking = (weights: readonly (readonly number[])[]) => {
    const net = new Linear(4, 2, { rng: new Rng(0), bias: false });
    net.weight.assign(tensor2d(weights as number[][]));
    return net;
  };
  const none = [0, 0];
  const left = looking([[1, -1], [2, -2], none, none]);
  const right = looking([none, none, [1, -1], [3, -3]]);
  const copy = looking([[2, -2], [4, -4], none, none]);
  const examples = tensor2d([
    [1, 1, 1, 1],
    [-1, -1, -1, -1],
    [1, 1, -1, -1], // the first net's 0 is the second's 1
    [-3, -3, -3, -3], // too far for the attack
  ]);
  const labels = [0, 1, 0, 1];
  const attack = (net: Layer<Tensor2D, Tensor>) => pgd(marginScore(net, labels), { epsilon: 1.5 });
  const held = memory().numTensors;
  const { fooled, accuracy } = await transferability([left, right, copy], attack, examples, labels);
  expect(memory().numTensors).toBe(held);
  expect(accuracy).toEqual([1, 0.75, 1]);
  const own = 2 / 3; // both get the first, second and fourth right
  expect(fooled).toEqual([
    [0.75, 0, 0.75],
    [0, own, 0],
    [0.75, 0, 0.75],
  ]);
  await expect(transferability([left], attack, examples, [0])).rejects.toThrow(
    "transferability: labels is 1 classes, expected 4",
  );
});
