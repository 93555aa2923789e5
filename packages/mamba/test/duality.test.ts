// Equal results of the scan, of chunks of any size, of the attention matrix, and step by step.
import { useBackend } from "@pellucid/backends";
import { DataError, matMul, type Module, OptionError, Rng } from "@pellucid/core-train";
import {
  dualAttention,
  type DualityInputs,
  hiddenAttention,
  Mamba,
  Mamba2,
  Mamba3,
  type Mixer,
  semiseparableMask,
  heavyTail,
  rotatePairs,
  stateSpaceDuality,
  type TrapezoidalInputs,
  trapezoidalScan,
} from "@pellucid/mamba";
import { fixture, hashedTensor } from "@pellucid/testing";
import {
  abs,
  add,
  concat,
  expandDims,
  grad,
  mul,
  neg,
  onesLike,
  reshape,
  slice,
  type Tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  type Tensor3D,
  tensor4d,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const { ssd } = fixture<{ ssd: Record<string, { y: number[]; state: number[] }> }>(
  import.meta.url,
  "../fixtures/torch/mamba.json",
);

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const within = (atol: number) => ({ rtol: 0, atol });

const inputsOf = (groups: number): Required<DualityInputs> => ({
  x: hashedTensor<Tensor4D>([2, 7, 4, 3], 1),
  a: mul(neg(abs(hashedTensor([2, 7, 4], 2))), 2) as Tensor3D,
  B: hashedTensor<Tensor4D>([2, 7, groups, 5], 3),
  C: hashedTensor<Tensor4D>([2, 7, groups, 5], 4),
  initial: hashedTensor<Tensor4D>([2, 4, 3, 5], 5),
});

test.for([1, 2])("%i groups: chunks of any size give the result of the recurrence", (groups) => {
  const wanted = ssd[String(groups)] as { y: number[]; state: number[] };
  for (const chunkSize of [1, 2, 3, 4, 7, 64]) {
    const { output, state } = stateSpaceDuality(inputsOf(groups), { chunkSize });
    expect(output).toBeAllclose(wanted.y, within(2e-6)); // seven time steps of five products below 1
    expect(state).toBeAllclose(wanted.state, within(2e-6));
  }
});

test.for([1, 2])(
  "%i groups: without an initial state it is attention with the semiseparable mask",
  (groups) => {
    const { initial: _, ...inputs } = inputsOf(groups);
    const { output: y } = stateSpaceDuality(inputs, { chunkSize: 3 });
    const attention = dualAttention(inputs); // [batch, head, time, time]
    const attended = matMul(attention, transpose(inputs.x, [0, 2, 1, 3]));
    expect(y).toBeAllclose(transpose(attended, [0, 2, 1, 3]), within(2e-6));
  },
);

test("without decay the mask is that of causal attention", () => {
  expect(semiseparableMask(tensor1d([0, 0, 0]))).toBeAllclose([1, 0, 0, 1, 1, 0, 1, 1, 1], within(0));
});

test("a decay of a half and a quarter", () => {
  const mask = semiseparableMask(tensor1d([-9, Math.log(0.5), Math.log(0.25)])); // the first time step has no previous one
  expect(mask).toBeAllclose([1, 0, 0, 0.5, 1, 0, 0.125, 0.25, 1], within(1e-6));
});

test("strong decay over a long chunk overflows nowhere", () => {
  const mask = semiseparableMask(tensor1d(new Float32Array(256).fill(-50)));
  const values = [...mask.dataSync()];
  expect(values.every((x) => x >= 0 && x <= 1)).toBe(true); // NaN is neither
  expect(Math.max(...values.filter((_, i) => i % 257 !== 0))).toBeLessThan(1e-20); // 257 apart: the diagonal
});

test("a selective scan is its hidden attention", () => {
  const mamba = new Mamba(6, { rng: new Rng(0), dState: 3 });
  const x = hashedTensor<Tensor3D>([2, 9, 6], 1);
  const inputs = mamba.scanInputs(x);
  const attention = hiddenAttention(inputs); // [batch, channel, time, time]
  const u = reshape(transpose(inputs.u, [0, 2, 1]), [2, 12, 9, 1]);
  const y = transpose(reshape(matMul(attention, u), [2, 12, 9]), [0, 2, 1]);
  const gateless = tidy(() => add(y, mul(inputs.u, mamba.d)));
  // forward then applies gate and projection, so that the attention's y must be equal
  expect(gateless.shape).toEqual([2, 9, 12]);
  expect(y).toBeAllclose(scanned(inputs), within(1e-6));
});

function scanned({ u, delta, A, B, C }: ReturnType<Mamba["scanInputs"]>): number[] {
  const [batch, time, channels] = u.shape;
  const at = (z: Tensor) => z.dataSync();
  const [us, deltas, As, Bs, Cs] = [u, delta, A, B, C].map(at) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const size = A.shape[1];
  const y: number[] = [];
  for (let b = 0; b < batch; b++) {
    const h = new Float64Array(channels * size);
    for (let t = 0; t < time; t++)
      for (let d = 0; d < channels; d++) {
        const i = (b * time + t) * channels + d;
        let out = 0;
        for (let n = 0; n < size; n++) {
          const j = (b * time + t) * size + n;
          const k = d * size + n;
          const lasting = deltas[i] as number;
          h[k] =
            Math.exp(lasting * (As[k] as number)) * (h[k] as number) +
            lasting * (us[i] as number) * (Bs[j] as number);
          out += (h[k] as number) * (Cs[j] as number);
        }
        y.push(out);
      }
  }
  return y;
}

describe.each([
  ["Mamba", () => new Mamba(8, { rng: new Rng(0), dState: 4 })],
  ["Mamba2", () => new Mamba2(8, { rng: new Rng(0), dState: 6, headDim: 4, nGroups: 2, chunkSize: 4 })],
  ["Mamba3", () => new Mamba3(8, { rng: new Rng(0), dState: 6, headDim: 4, nGroups: 2, chunkSize: 4 })],
] as const)("%s", (_, make: () => Module & Mixer) => {
  test("it gives the same in one pass, in parts and step by step", () => {
    const mixer = make();
    const x = hashedTensor<Tensor3D>([2, 11, 8], 1, (z) => 4 * z);
    const whole = mixer.forward(x);
    for (const parts of [[5, 6], [1, 9, 1], new Array<number>(11).fill(1)]) {
      let state = mixer.initialState(2);
      let from = 0;
      const ys: Tensor3D[] = [];
      for (const length of parts) {
        const after = mixer.step(slice(x, [0, from, 0], [2, length, 8]), state);
        ys.push(after.output);
        state = after.state;
        from += length;
      }
      expect(concat(ys, 1)).toBeAllclose(whole, within(1e-5));
    }
  });

  test("later time steps do not change earlier outputs; it leaks no tensors", () => {
    const mixer = make();
    const x = hashedTensor<Tensor3D>([1, 6, 8], 1);
    const y = slice(mixer.forward(x), [0, 0, 0], [1, 4, 8]);
    const other = concat([slice(x, [0, 0, 0], [1, 4, 8]), hashedTensor<Tensor3D>([1, 2, 8], 2)], 1);
    expect(slice(mixer.forward(other), [0, 0, 0], [1, 4, 8])).toBeAllclose(y, within(1e-7));
    expect(() => mixer.forward(x).dispose()).toLeakNothing();
  });
});

const trapezoidOf = (time: number): TrapezoidalInputs => ({
  x: hashedTensor<Tensor4D>([2, time, 4, 3], 1),
  a: mul(neg(abs(hashedTensor([2, time, 4], 2))), 2) as Tensor3D,
  delta: hashedTensor<Tensor3D>([2, time, 4], 3, (x) => x + 0.6),
  trap: hashedTensor<Tensor3D>([2, time, 4], 4, (x) => x + 0.5),
  B: hashedTensor<Tensor4D>([2, time, 4, 5], 5),
  C: hashedTensor<Tensor4D>([2, time, 4, 5], 6),
});

test("the trapezoidal rule in one time step, by hand", () => {
  const one = (value: number): Tensor3D => tensor3d([[[value]]]);
  const both = (value: number): Tensor4D => tensor4d([[[[value]]]]);
  const { output, state } = trapezoidalScan({
    x: both(3),
    a: one(Math.log(0.5)),
    delta: one(2),
    trap: one(0.25),
    B: both(1),
    C: both(10),
    initial: { scan: both(8), x: one(4), B: one(1) },
  });
  // half of 8; of the previous time step ¾ · 2 · ½ · 4; of its own ¼ · 2 · 3
  expect(state.scan).toBeAllclose([4 + 3 + 1.5], within(1e-6));
  expect(output).toBeAllclose([85], within(1e-5));
});

test("where only the end of an interval counts, it is Mamba-2's", () => {
  const { initial: _, ...inputs } = trapezoidOf(7);
  const x: Tensor4D = mul(inputs.x, expandDims(inputs.delta, 3));
  const { output, state } = trapezoidalScan({ ...inputs, trap: onesLike(inputs.trap) });
  const dual = stateSpaceDuality({ ...inputs, x });
  expect(output).toBeAllclose(dual.output, within(1e-6));
  expect(state.scan).toBeAllclose(dual.state, within(1e-6));
});

test("an angle rotates a pair; entries after the pairs stay", () => {
  const turned = rotatePairs(tensor2d([[1, 0, 0, 2, 5]]), tensor2d([[Math.PI / 2, Math.PI]]));
  expect(turned).toBeAllclose([0, 1, 0, -2, 5], within(1e-6));
});

test("the derivative of the heavy tail at 0 is 1 from both sides", () => {
  const x = tensor1d([-3, -1, 0, 1]);
  expect(heavyTail(x)).toBeAllclose([0.25, 0.5, 1, 2], within(1e-7));
  expect(grad(heavyTail)(x)).toBeAllclose([1 / 16, 0.25, 1, 1], within(1e-7));
});

test("a chunk size of 0, groups that do not divide the heads, and wrong sizes are refused", () => {
  const inputs = inputsOf(1);
  expect(() => stateSpaceDuality(inputs, { chunkSize: 0 })).toThrow(
    new OptionError("stateSpaceDuality", "chunkSize", 0, "an integer above 0"),
  );
  const three = hashedTensor<Tensor4D>([2, 7, 3, 5], 1);
  expect(() => stateSpaceDuality({ ...inputs, B: three, C: three })).toThrow(
    new DataError("stateSpaceDuality: x has 4 heads, expected a multiple of the 3 groups of B."),
  );
  expect(() => new Mamba2(8, { rng: new Rng(0), headDim: 5 })).toThrow(
    /16 channels do not divide into heads of 5/,
  );
  expect(() => new Mamba(8, { rng: new Rng(0) }).forward(hashedTensor<Tensor3D>([1, 2, 7], 1))).toThrow(
    "Mamba(8): x is [1, 2, 7], expected [batch, time, 8].",
  );
  expect(() => new Mamba3(8, { rng: new Rng(0), headDim: 5 })).toThrow(
    /16 channels do not divide into heads of 5/,
  );
  expect(() => new Mamba3(8, { rng: new Rng(0), headDim: 4, dState: 2 })).toThrow(
    "Mamba3: of a state of 2 entries no pair is rotated at ropeFraction 0.5, expected a dState of 4 or more.",
  );
});
