// Scans, state spaces, retention and linear attention give the same as a recurrence, in chunks, and as a product of matrices.
import { useBackend } from "@pellucid/backends";
import { matMul, Rng, type Step } from "@pellucid/core-train";
import { dualAttention, hiddenAttention, selectiveScan, stateSpaceDuality } from "@pellucid/mamba";
import { causalLinearAttention, retention } from "@pellucid/transformer";
import {
  abs,
  concat,
  exp,
  expandDims,
  mul,
  neg,
  type Rank,
  type ShapeMap,
  slice,
  squeeze,
  type Tensor,
  type Tensor2D,
  tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, test } from "vitest";
import { apart } from "./apart.ts";

const runs = { numRuns: 12, seed: 0 };

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  const sizes = fc.record({
    seed: fc.nat(1e6),
    batch: fc.integer({ min: 1, max: 2 }),
    time: fc.integer({ min: 1, max: 9 }),
    heads: fc.integer({ min: 1, max: 3 }),
    chunkSize: fc.integer({ min: 1, max: 10 }),
  });
  const draw = <R extends Rank>(rng: Rng, shape: ShapeMap[R]): Tensor<R> =>
    tensor<R>(rng.uniform(shape, -1, 1).data, shape);

  test("a selective scan is its hidden attention", () => {
    fc.assert(
      fc.property(sizes, ({ seed, batch, time, heads: channels }) =>
        tidy(() => {
          const rng = new Rng(seed);
          const u = draw<Rank.R3>(rng, [batch, time, channels]);
          const delta = abs(draw(rng, [batch, time, channels])) as Tensor3D;
          const A = neg(exp(draw(rng, [channels, 4]))) as Tensor2D;
          const [B, C] = [draw<Rank.R3>(rng, [batch, time, 4]), draw<Rank.R3>(rng, [batch, time, 4])];
          const { output: y } = selectiveScan({ u, delta, A, B, C });
          const weights = hiddenAttention({ delta, A, B, C }); // [batch, channel, time, time]
          const read = expandDims(transpose(u, [0, 2, 1]), 3); // [batch, channel, time, 1]
          const seen: Tensor3D = squeeze(matMul(weights, read), [3]); // [batch, channel, time]
          return apart(transpose(seen, [0, 2, 1]), y) <= 1e-5;
        }),
      ),
      runs,
    );
  });

  test("a state space of heads is its chunks, and attention with a semiseparable mask", () => {
    fc.assert(
      fc.property(sizes, ({ seed, batch, time, heads, chunkSize }) =>
        tidy(() => {
          const rng = new Rng(seed);
          const x = draw<Rank.R4>(rng, [batch, time, heads, 3]);
          const a = neg(mul(abs(draw(rng, [batch, time, heads])), 2)) as Tensor3D;
          const B = draw<Rank.R4>(rng, [batch, time, 1, 4]);
          const C = draw<Rank.R4>(rng, [batch, time, 1, 4]);
          const inputs = { x, a, B, C };
          const { output: y } = stateSpaceDuality(inputs, { chunkSize: 1 }); // the recurrence
          const attended = matMul<Tensor4D>(dualAttention(inputs), transpose(x, [0, 2, 1, 3]));
          return (
            apart(stateSpaceDuality(inputs, { chunkSize }).output, y) <= 1e-5 &&
            apart(transpose(attended, [0, 2, 1, 3]), y) <= 1e-5
          );
        }),
      ),
      runs,
    );
  });

  test("retention and linear attention give the same at once, in chunks and in parts", () => {
    fc.assert(
      fc.property(sizes, ({ seed, batch, time, heads, chunkSize }) =>
        tidy(() => {
          const rng = new Rng(seed);
          const [query, key, value] = [3, 3, 2].map((size) =>
            draw<Rank.R4>(rng, [batch, heads, time, size]),
          ) as [Tensor4D, Tensor4D, Tensor4D];
          const inputs = { query, key, value };
          const first = Math.min(chunkSize, time);
          const cut = (x: Tensor4D, from: number, count: number): Tensor4D =>
            slice(x, [0, 0, from, 0], [batch, heads, count, x.shape[3]]);
          const inputsOf = (from: number, count: number) => ({
            query: cut(query, from, count),
            key: cut(key, from, count),
            value: cut(value, from, count),
          });
          return [retention, causalLinearAttention].every((attention) => {
            const { output } = attention(inputs);
            const parts = [attention(inputsOf(0, first))];
            if (time > first) {
              const [{ state: initial }] = parts as [Step<Tensor4D, Tensor4D>];
              parts.push(attention({ ...inputsOf(first, time - first), initial }));
            }
            const joined = concat(
              parts.map((part) => part.output),
              2,
            );
            return (
              apart(joined, output) <= 1e-5 &&
              [1, chunkSize].every(
                (size) => apart(attention(inputs, { chunkSize: size }).output, output) <= 1e-5,
              )
            );
          });
        }),
      ),
      runs,
    );
  });
});
