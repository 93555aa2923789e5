// A time-invariant state space: PyTorch's numbers as a convolution, and the same as a recurrence.
import { useBackend } from "@pellucid/backends";
import { DataError, Rng, torchStateOf, trainable, valueAndGradients } from "@pellucid/core-train";
import { S4d } from "@pellucid/mamba";
import { fixture, hashedTensor } from "@pellucid/testing";
import {
  concat,
  grad,
  mul,
  type Scalar,
  slice,
  sum,
  type Tensor,
  type Tensor3D,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const wanted = fixture<{
  weights: Record<string, number[]>;
  kernel: number[];
  y: number[];
  input: number[];
  gradients: Record<string, number[]>;
}>(import.meta.url, "../fixtures/torch/s4d.json");

const within = (atol: number) => ({ rtol: 0, atol });
const make = () => new S4d(3, { rng: new Rng(3), dState: 8 });
const input = () => hashedTensor<Tensor3D>([2, 9, 3], 1);

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("a seed gives PyTorch's initial weights, under its names", async () => {
  const state = await torchStateOf(make());
  expect(Object.keys(state).toSorted()).toEqual(Object.keys(wanted.weights).toSorted());
  for (const [name, { data }] of Object.entries(state))
    expect([...data].map(Number), name).toBeAllclose(wanted.weights[name] as number[], within(2e-6)); // the largest is 9.4
});

test("kernel, output and gradients are those of the convolution by FFT", () => {
  const model = make();
  const x = input();
  expect(model.kernel.forward(9)).toBeAllclose(wanted.kernel, within(1e-6));
  expect(model.forward(x)).toBeAllclose(wanted.y, within(1e-6));
  const loss = (u: Tensor3D) => sum(mul(model.forward(u), hashedTensor([2, 9, 3], 2)));
  expect(grad(loss as (x: Tensor) => Scalar)(x)).toBeAllclose(wanted.input, within(1e-6));
  const { gradients } = valueAndGradients(trainable(model), () => loss(x) as Scalar);
  const names: Record<string, string> = {
    d: "D",
    c: "C",
    logAReal: "log_A_real",
    aImag: "A_imag",
    logDt: "log_dt",
  };
  for (const [path, gradient] of Object.entries(gradients)) {
    const name = path
      .replace("outputLinear", "output_linear")
      .split(".")
      .map((field) => names[field] ?? field)
      .join(".");
    const found = path.endsWith("0.weight") ? transpose(gradient, [2, 1, 0]) : gradient; // PyTorch's layout
    const largest = Math.max(...(wanted.gradients[name] as number[]).map(Math.abs));
    expect(found, name).toBeAllclose(wanted.gradients[name] as number[], within(2e-6 * Math.max(largest, 1)));
  }
});

test("it gives the same as a convolution, in parts and step by step", () => {
  const model = make();
  const x = input();
  const whole = model.forward(x);
  for (const parts of [[9], [4, 5], [1, 7, 1], new Array<number>(9).fill(1)]) {
    let state = model.initialState(2);
    let from = 0;
    const ys = parts.map((length) => {
      const after = model.step(slice(x, [0, from, 0], [2, length, 3]), state);
      from += length;
      state = after.state;
      return after.output;
    });
    expect(concat(ys, 1)).toBeAllclose(whole, within(2e-6));
  }
  expect(() => model.forward(x).dispose()).toLeakNothing();
});

test("an odd state, and an input of another width, are rejected", () => {
  expect(() => new S4d(3, { rng: new Rng(0), dState: 7 })).toThrow(
    new DataError("S4d: dState is 7, expected an even number, since entries come in conjugate pairs."),
  );
  expect(() => make().forward(hashedTensor<Tensor3D>([1, 2, 4], 1))).toThrow(
    "S4d(3): x is [1, 2, 4], expected [batch, time, 3].",
  );
});
