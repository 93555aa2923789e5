// Every aggregation against PyG in 64 bits: initial weights of a seed, outputs, gradients; and edge cases against its numbers.
import { useBackend } from "@pellucid/backends";
import { gradient, loadWeights, Rng } from "@pellucid/core-train";
import * as gnn from "@pellucid/gnn";
import {
  type Aggregation,
  type AggregationName,
  DegreeScalerAggregation,
  LSTMAggregation,
  MeanAggregation,
  MedianAggregation,
  MulAggregation,
  MultiAggregation,
  PowerMeanAggregation,
  QuantileAggregation,
  Set2Set,
  SoftmaxAggregation,
  SumAggregation,
} from "@pellucid/gnn";
import { checkLayerAgainstTorch, fixture, type TestedLayer, type TorchLayerCase } from "@pellucid/testing";
import { abs, mul, sum, type Tensor, type Tensor1D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { aggregated, aggregations, scalers } from "./rows/aggregations.ts";

const { cases } = fixture<{ cases: TorchLayerCase[] }>(
  import.meta.url,
  "../fixtures/torch/aggregations.json",
);
interface Golden {
  readonly id: string;
  readonly kind: string;
  readonly input: Record<string, unknown>;
  readonly right: Record<string, unknown>;
}
const golden = (kind: string) =>
  fixture<Golden[]>(import.meta.url, "../fixtures/golden/layers.json").filter((c) => c.kind === kind);

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test.each(cases.map((c) => [c.title, c] as const))("%s agrees with PyG", async (title, c) => {
    const make = aggregations[title];
    expect(make).toBeDefined();
    await checkLayerAgainstTorch(c, make as (rng: Rng) => TestedLayer, aggregated);
  });

  test.each(golden("aggregations-empty-single-constant"))("$id", ({ input, right }) => {
    const index = tensor1d(input["index"] as number[], "int32");
    const x = tensor2d((input["x"] as number[]).map((value) => [value]));
    const made: Record<string, Aggregation> = {
      q25: new QuantileAggregation(0.25),
      softmax_t2: new SoftmaxAggregation({ t: 2 }),
      power_mean_p2_of_abs: new PowerMeanAggregation({ p: 2 }),
      ...Object.fromEntries(
        (["sum", "mean", "max", "min", "mul", "var", "std", "median"] as AggregationName[]).map((name) => [
          name,
          new MultiAggregation([name]),
        ]),
      ),
    };
    const out = right["out"] as Record<string, number[]>;
    expect(Object.keys(made).toSorted()).toEqual(Object.keys(out).toSorted());
    for (const [name, aggregation] of Object.entries(made)) {
      const f = (at: Tensor) =>
        aggregation.forward({
          x: name.endsWith("abs") ? abs(at) : at,
          index,
          size: input["dimSize"] as number,
        });
      // 32 bits: a variance is the difference of two numbers near 1
      expect(f(x), name).toBeAllclose(out[name] as number[], { rtol: 2e-6, atol: 1e-6 });
      const derivative = gradient((at: Tensor) => sum(f(at)))(x);
      const wanted = (right["grad"] as Record<string, number[]>)[name] as number[];
      const sign = (input["x"] as number[]).map((value) =>
        name.endsWith("abs") ? Math.abs(Math.sign(value)) : 1,
      );
      const found = name.endsWith("abs")
        ? mul(derivative, tensor2d(signs(input["x"] as number[]).map((s) => [s])))
        : derivative;
      expect(found, name).toBeAllclose(
        wanted.map((value, i) => value * (sign[i] as number)),
        { rtol: 4e-6, atol: 2e-6 },
      );
    }
  });

  test.each(golden("set2set-order"))("$id", ({ input, right }) => {
    const layer = new Set2Set(2, input["steps"] as number, { rng: new Rng(0) });
    const state = input["stateDict"] as Record<string, number[] | number[][]>;
    loadWeights(
      layer,
      Object.fromEntries(
        Object.entries(state).map(([name, values]) => [
          name,
          {
            data: Float32Array.from(values.flat()),
            shape: Array.isArray(values[0]) ? [values.length, values[0].length] : [values.length],
          },
        ]),
      ),
    );
    const index = tensor1d(input["batch"] as number[], "int32");
    const found = layer.forward({ x: tensor2d(input["x"] as number[][]), index });
    expect(found).toBeAllclose((right["out"] as number[][]).flat(), { rtol: 2e-6, atol: 1e-6 });
  });

  test.each(golden("pna-scalers-degree-zero"))("$id", ({ input, right }) => {
    const layer = new DegreeScalerAggregation(["mean", "std"], scalers, input["histogram"] as number[]);
    const [sources, targets] = input["edgeIndex"] as [number[], number[]];
    const x = input["x"] as number[][];
    const found = layer.forward({
      x: tensor2d(sources.map((j) => x[j] as number[])),
      index: tensor1d(targets, "int32"),
      size: x.length,
    });
    expect(found).toBeAllclose((right["out"] as number[][]).flat(), { rtol: 2e-6, atol: 1e-6 });
    expect(layer.avgDegLog).toBeAllclose(right["avgLog"] as number[]);
    expect(layer.avgDegLin).toBeAllclose(right["avgLin"] as number[]);
  });

  test("the order of rows does not count, but for an LSTM", () => {
    const order = [4, 0, 2, 5, 1, 3];
    const x = [
      [1, -2],
      [0.5, 3],
      [2, 2],
      [-1, 0.25],
      [4, 1],
      [0, -3],
    ];
    const index = [0, 1, 0, 1, 1, 3];
    const at = (ids: number[]) => ({
      x: tensor2d(ids.map((i) => x[i] as number[])),
      index: tensor1d(
        ids.map((i) => index[i] as number),
        "int32",
      ),
    });
    for (const make of Object.values(aggregations)) {
      const layer = make(new Rng(1));
      if (
        layer instanceof LSTMAggregation ||
        [...layer.namedParameters()].some(([, p]) => p.shape.includes(3))
      )
        continue;
      if (layer instanceof Set2Set || layer instanceof MultiAggregation) continue;
      expect(layer.forward(at(order))).toBeAllclose(layer.forward(at([0, 1, 2, 3, 4, 5])));
    }
  });

  test("no rows give what empty groups give", () => {
    const none = { x: tensor2d([], [0, 3]), index: tensor1d([], "int32"), size: 2 };
    expect(new SumAggregation().forward(none)).toBeAllclose([0, 0, 0, 0, 0, 0]);
    expect(new MulAggregation().forward(none)).toBeAllclose([1, 1, 1, 1, 1, 1]);
    expect(new MedianAggregation({ fillValue: 5 }).forward(none)).toBeAllclose([5, 5, 5, 5, 5, 5]);
    expect(new LSTMAggregation(3, 1, { rng: new Rng(0) }).forward(none)).toBeAllclose([0, 0]);
  });

  test("nothing is left in memory", () => {
    const given = {
      x: tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      index: tensor1d([1, 1], "int32"),
      size: 2,
    };
    for (const make of Object.values(aggregations)) {
      const layer = make(new Rng(0));
      expect(() => layer.forward(given)).toLeakNothing();
    }
  });

  test("wrong inputs are typed errors", () => {
    const layer = new MeanAggregation();
    const x = tensor2d([[1], [2]]);
    expect(() => layer.forward({ x, index: tensor1d([0], "int32") })).toThrow(
      /MeanAggregation: index is \[1\], expected \[2\]/,
    );
    expect(() => layer.forward({ x, index: tensor1d([0, -1], "int32") })).toThrow(/group -1/);
    expect(() => layer.forward({ x, index: tensor1d([0, 4], "int32"), size: 2 })).toThrow(
      /group 4, expected 0 to 1/,
    );
    expect(() => layer.forward({ x, index: tensor1d([0, 1]) as Tensor1D })).toThrow(
      /float32, expected int32/,
    );
    expect(() => new MultiAggregation([])).toThrow(/aggrs is \[\]/);
    expect(() => new MultiAggregation(["most" as "max"])).toThrow(/aggr is "most"/);
    expect(() => new DegreeScalerAggregation("mean", "identity", [])).toThrow(/degrees is \[\]/);
    expect(() => new QuantileAggregation(1.5)).toThrow(/q is 1.5/);
  });
});

test("every aggregation has a case", () => {
  const named = new Set(cases.map(({ title }) => title.split(/[ ,]/)[0]));
  const exported = Object.keys(gnn).filter((name) => name.endsWith("Aggregation") && name !== "Aggregation");
  expect(exported.filter((name) => !named.has(name))).toEqual([]);
  expect(Object.keys(aggregations).toSorted()).toEqual(cases.map(({ title }) => title).toSorted());
});

function signs(values: readonly number[]): number[] {
  return values.map(Math.sign);
}
