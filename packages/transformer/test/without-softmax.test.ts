// Attention without a softmax: in one pass, in chunks and as a recurrence, against plain loops in 64 bits.
import { useBackend } from "@pellucid/backends";
import { OptionError, ShapeError } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { causalLinearAttention, linearAttention, retention, retentionDecays } from "@pellucid/transformer";
import { slice, type Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const [batch, heads, time, features, width] = [2, 2, 7, 3, 4];
const inputs = () => ({
  query: sines([batch, heads, time, features], 0) as Tensor4D,
  key: sines([batch, heads, time, features], 1) as Tensor4D,
  value: sines([batch, heads, time, width], 2) as Tensor4D,
});

/** `Σ weight(i, j) v[j]` over all `j`, for each sequence of each head. */
function looped(
  { query, key, value }: ReturnType<typeof inputs>,
  weight: (product: number, q: number[], k: number[], i: number, j: number, head: number) => number,
  isShare: boolean,
): number[] {
  const [q, k, v] = [query, key, value].map((x) => [...x.dataSync()]) as [number[], number[], number[]];
  const rows = (x: number[], size: number, at: number) => x.slice(at * size, (at + 1) * size);
  return Array.from({ length: batch * heads }, (_, s) =>
    Array.from({ length: time }, (_, i) => {
      const own = rows(q, features, s * time + i);
      const weights = Array.from({ length: time }, (_, j) => {
        const other = rows(k, features, s * time + j);
        return weight(
          own.reduce((sum, a, f) => sum + a * (other[f] as number), 0),
          own,
          other,
          i,
          j,
          s % heads,
        );
      });
      const total = isShare ? weights.reduce((a, b) => a + b, 0) : 1;
      return Array.from({ length: width }, (_, c) =>
        weights.reduce((sum, w, j) => sum + (w * (v[(s * time + j) * width + c] as number)) / total, 0),
      );
    }).flat(),
  ).flat();
}
const phi = (x: number) => (x > 0 ? x + 1 : Math.exp(x));
const share = (q: number[], k: number[]) => q.reduce((sum, a, f) => sum + phi(a) * phi(k[f] as number), 0);

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.for([1, 2, 3, 7, 20])("retention in chunks of %i is the plain sum", (chunkSize) => {
    const x = inputs();
    const decays = retentionDecays(heads);
    const expected = looped(
      x,
      (p, _q, _k, i, j, head) => (j <= i ? p * (decays[head] as number) ** (i - j) : 0),
      false,
    );
    expect(retention(x, { chunkSize }).output).toBeAllclose(expected, { rtol: 0, atol: 1e-5 });
  });

  test("two parts of a sequence, with the state passed on, give the whole", () => {
    const x = inputs();
    const whole = retention(x);
    const part = (y: Tensor4D, from: number, count: number): Tensor4D =>
      slice(y, [0, 0, from, 0], [batch, heads, count, y.shape[3]]);
    const cut = (from: number, count: number) => ({
      query: part(x.query, from, count),
      key: part(x.key, from, count),
      value: part(x.value, from, count),
    });
    const first = retention(cut(0, 3));
    const second = retention({ ...cut(3, 4), initial: first.state });
    expect(first.output).toBeAllclose(part(whole.output, 0, 3), { rtol: 0, atol: 1e-5 });
    expect(second.output).toBeAllclose(part(whole.output, 3, 4), { rtol: 0, atol: 1e-5 });
    expect(second.state).toBeAllclose(whole.state, { rtol: 0, atol: 1e-5 });
  });

  test("linear attention is the plain weighted sum, causal or not", () => {
    const x = inputs();
    const all = looped(x, (_, q, k) => share(q, k), true);
    expect(linearAttention(x)).toBeAllclose(all, { rtol: 0, atol: 1e-5 });
    const back = looped(x, (_, q, k, i, j) => (j <= i ? share(q, k) : 0), true);
    for (const chunkSize of [1, 3, 7])
      expect(causalLinearAttention(x, { chunkSize }).output).toBeAllclose(back, { rtol: 0, atol: 1e-5 });
  });

  test("gradients are those of finite differences; it leaks nothing", () => {
    const x = inputs();
    const small = slice(x.query, [0, 0, 0, 0], [1, 1, 4, 3]) as Tensor4D;
    const other = slice(x.key, [0, 0, 0, 0], [1, 1, 4, 3]) as Tensor4D;
    const value = slice(x.value, [0, 0, 0, 0], [1, 1, 4, 2]) as Tensor4D;
    checkGradient((at) => retention({ query: other, key: at, value }, { chunkSize: 2 }).output, small);
    checkGradient((at) => causalLinearAttention({ query: at, key: other, value }).output, small);
    expect(() => retention(x, { chunkSize: 2 })).toLeakNothing();
    expect(() => linearAttention(x)).toLeakNothing();
    expect(() => causalLinearAttention(x)).toLeakNothing();
  });
});

test("decays are the paper's; a wrong number of them and a chunk size of 0 are refused", () => {
  expect(retentionDecays(2)).toEqual([1 - 1 / 32, 1 - 1 / 64]);
  expect(() => retention(inputs(), { decays: [1] })).toThrow(
    new ShapeError("retention: there are 1 decays, expected one for each of 2 heads."),
  );
  expect(() => retention(inputs(), { chunkSize: 0 })).toThrow(
    new OptionError("retention", "chunkSize", 0, "an integer above 0"),
  );
  const { query, value } = inputs();
  expect(() => linearAttention({ query, key: value, value })).toThrow(
    new ShapeError("linearAttention: key is [2, 2, 7, 4], expected [2, 2, time, 3]."),
  );
});
