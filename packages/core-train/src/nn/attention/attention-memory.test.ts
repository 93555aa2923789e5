// The memory of attention grows with the length of a text, not with its square: the kernels never hold all scores.
import { useBackend } from "@pellucid/backends";
import { compile, gradient, Rng, scaledDotProductAttention } from "@pellucid/core-train";
import {
  matMul,
  reshape,
  square,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

const features = 8;
const lengths = process.env["PELLUCID_LONG"] === "1" ? [512, 1024, 2048, 4096] : [512, 1024, 2048];

/** The bytes in which a recorded step works: all that it computes, and what its kernels borrow. */
async function bytesOf(step: (x: Tensor) => Tensor, length: number): Promise<number> {
  const compiled = compile(step);
  await compiled.ready;
  const x = tensor(new Rng(0).randn([1, 1, length, features]).data, [1, 1, length, features]);
  for (let i = 0; i < 2; i++) compiled(x).dispose();
  const { plans } = compiled.report();
  compiled.dispose();
  x.dispose();
  return plans[0]?.bytes ?? NaN;
}

const forward = (isCausal: boolean) => (x: Tensor) =>
  scaledDotProductAttention<Tensor4D>(x as Tensor4D, x as Tensor4D, x as Tensor4D, { isCausal });

const backward = (isCausal: boolean) => (x: Tensor) =>
  gradient((at: Tensor) => sum(square(forward(isCausal)(at))))(x);

test.each([
  ["forward", forward(false)],
  ["forward, causal", forward(true)],
  ["forward and backward", backward(false)],
  ["forward and backward, causal", backward(true)],
] as const)("%s", async (_, step) => {
  const bytes = [];
  for (const length of lengths) bytes.push(await bytesOf(step, length));
  const perToken = bytes.map((each, i) => each / (lengths[i] as number));
  for (const each of perToken) expect(each).toBeLessThan(1.15 * (perToken[0] as number));
  const scores = 4 * (lengths.at(-1) as number) ** 2;
  expect(bytes.at(-1)).toBeLessThan(scores / 4);
});

const rows = (x: Tensor) => reshape(x, [-1, features]) as Tensor2D;

test("all scores at once are what this would find", async () => {
  const scores = (x: Tensor) => sum(square(matMul(rows(x), rows(x), false, true)));
  const [one, two] = [await bytesOf(scores, 512), await bytesOf(scores, 1024)];
  expect(two / one).toBeGreaterThan(3);
});
