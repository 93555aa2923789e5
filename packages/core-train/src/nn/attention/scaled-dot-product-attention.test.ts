// scaled_dot_product_attention against PyTorch's in 64 bits.
import { useBackend } from "@pellucid/backends";
import {
  type AttentionOptions,
  causalMask,
  gradient,
  localMask,
  OptionError,
  Rng,
  scaledDotProductAttention,
  ShapeError,
} from "@pellucid/core-train";
import { checkAgainstTorch, checkGradient, fixture, sines, type TorchCase } from "@pellucid/testing";
import {
  mul,
  ones,
  range,
  reshape,
  sin,
  slice,
  square,
  sum,
  type Tensor,
  tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const { cases } = fixture<{ cases: TorchCase[] }>(import.meta.url, "../../../fixtures/torch/attention.json");

const seen = () => [...Array.from({ length: 4 }, () => [1, 0, 1, 1, 0, 1]).flat(), 0, 0, 0, 0, 0, 0];
const options: Readonly<Record<string, () => AttentionOptions>> = {
  plain: () => ({}),
  causal: () => ({ isCausal: true }),
  "causal, more keys than queries": () => ({ isCausal: true }),
  scale: () => ({ scale: 0.3 }),
  kept: () => ({ mask: tensor(seen(), [5, 6], "bool") }),
  added: () => ({ mask: reshape(sin(range(0, 30)), [5, 6]) }),
  "without heads": () => ({}),
  grouped: () => ({}),
};
const attention = (query: Tensor, key: Tensor, value: Tensor, more: AttentionOptions = {}): Tensor4D =>
  scaledDotProductAttention(query as Tensor4D, key as Tensor4D, value as Tensor4D, more);

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.for(cases)("$op: outputs and gradients are PyTorch's", (c) => {
    checkAgainstTorch(c, (q, k, v) => attention(q, k, v, options[c.op]?.()));
  });

  let q: Tensor4D, k: Tensor4D, v: Tensor4D;
  beforeAll(() => {
    [q, k, v] = [
      [1, 2, 3, 4],
      [1, 1, 5, 4],
      [1, 1, 5, 2],
    ].map((shape, i) => sines(shape, i)) as [Tensor4D, Tensor4D, Tensor4D];
  });

  test("a mask that is added has a gradient, summed over the axes where it broadcasts", () => {
    checkGradient((mask) => attention(q, k, v, { mask }), sines([1, 2, 1, 5], 4));
  });

  test("second-order gradients are those of finite differences", () => {
    const atQuery = (x: Tensor) => gradient((at: Tensor) => sum(square(attention(at, k, v))))(x);
    checkGradient(atQuery, q);
    const atKey = (x: Tensor) => gradient((at: Tensor) => sum(square(attention(q, at, v))))(x);
    checkGradient(atKey, k);
  });

  test("dropout is drawn in PyTorch's order and rescales the other weights", () => {
    const rng = () => new Rng(3);
    const identity = tensor([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [1, 1, 4, 4]) as Tensor4D;
    const found = attention(q, identity, identity, { dropout: 0.5, rng: rng() });
    const kept = tensor(rng().bernoulli(0.5, [1, 2, 3, 4]).data, [1, 2, 3, 4]);
    expect(found).toBeAllclose(mul(mul(attention(q, identity, identity), kept), 2));
  });

  test("causal attention: a change of later keys does not change earlier outputs", () => {
    const changed = (x: Tensor4D) => mul(x, tensor([1, 1, 1, 7, -9], [5, 1])) as Tensor4D;
    const causal = (key: Tensor4D, value: Tensor4D) => attention(q, key, value, { isCausal: true });
    expect(causal(changed(k), changed(v))).toBeAllclose(causal(k, v), { rtol: 0, atol: 0 });
  });

  test("the offset lets later queries attend to all earlier keys", () => {
    const long = sines([1, 2, 5, 4], 0) as Tensor4D;
    const whole = attention(long, k, v, { isCausal: true });
    const later = attention(slice(long, [0, 0, 3, 0], [1, 2, 2, 4]), k, v, { isCausal: true, offset: 3 });
    expect(later).toBeAllclose(slice(whole, [0, 0, 3, 0], [1, 2, 2, 2]));
  });

  test("a mask of negative infinities is the bool mask that blocks the same", () => {
    const long = sines([1, 2, 5, 4], 0) as Tensor4D;
    const causal = attention(long, k, v, { isCausal: true });
    expect(attention(long, k, v, { mask: causalMask(5) })).toBeAllclose(causal, { rtol: 0, atol: 0 });
    expect(attention(long, k, v, { mask: localMask(5, 5) })).toBeAllclose(causal, { rtol: 0, atol: 0 });
  });

  test("it leaks nothing", () => {
    expect(() => attention(q, k, v, { isCausal: true, dropout: 0.1, rng: new Rng(0) })).toLeakNothing();
    expect(() => gradient((x: Tensor) => attention(x, k, v))(q)).toLeakNothing();
  });
});

test("a local mask opens a query's own position and those just before it, or around it", () => {
  const open = (mask: Tensor) => [...mask.dataSync()].map((x) => Number(x === 0)).join("");
  expect(open(localMask(4, 2))).toBe("1000" + "1100" + "0110" + "0011");
  expect(open(localMask(4, 2, { isCausal: false }))).toBe("1100" + "1110" + "0111" + "0011");
  expect(open(localMask(2, 2, { keys: 5, offset: 3 }))).toBe("00110" + "00011");
  expect(open(causalMask(2, 3))).toBe("100" + "110");
});

describe("refused", () => {
  const [q, k] = [ones([2, 4, 5, 3]), ones([2, 4, 6, 3])];
  const message = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };

  test("shapes that do not fit together", () => {
    expect(message(() => attention(q, ones([2, 4, 6, 2]), k))).toEqual(
      new ShapeError("scaledDotProductAttention: key is [2, 4, 6, 2], expected [2, head, key, 3]."),
    );
    expect(message(() => attention(q, k, ones([2, 4, 5, 3])))).toEqual(
      new ShapeError("scaledDotProductAttention: value is [2, 4, 5, 3], expected [2, 4, 6, feature]."),
    );
    expect(message(() => attention(q, ones([2, 3, 6, 3]), ones([2, 3, 6, 3])))).toEqual(
      new ShapeError("scaledDotProductAttention: query has 4 heads, expected a multiple of the 3 of key."),
    );
  });

  test("a mask of another shape", () => {
    expect(message(() => attention(q, k, k, { mask: ones([6, 5]) }))).toEqual(
      new ShapeError(
        "scaledDotProductAttention: mask is [6, 5], expected [2, 4, 5, 6], or what broadcasts to it.",
      ),
    );
  });

  test("a dropout that is not a probability, or comes without a random generator", () => {
    expect(message(() => attention(q, k, k, { dropout: 2 }))).toEqual(
      new OptionError("scaledDotProductAttention", "dropout", 2, "a probability, 0 to 1"),
    );
    expect(message(() => attention(q, k, k, { dropout: 0.5 }))).toEqual(
      new OptionError(
        "scaledDotProductAttention",
        "rng",
        undefined,
        "a random generator, since dropout is above 0",
      ),
    );
  });
});
