// Ten steps of Adam on every convolution, aggregation, norm, pool and model that has parameters: the losses are those of PyG in 64 bits.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  disposeLeaves,
  loadWeights,
  type Module,
  Optimizer,
  Rng,
  torchStateOf,
  trainable,
  training,
  valueAndGradients,
} from "@pellucid/core-train";
import { filledState, fixture, sines, type TorchLayerCase } from "@pellucid/testing";
import { dispose, mean, square, sub, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { layerRow } from "./rows/layer-row.ts";
import { graphOfPool, makePool, type PoolCase } from "./rows/pools.ts";

interface TenSteps {
  readonly losses: readonly number[];
  /** Four times the error of PyG's own 32 bits, relative to the loss or 1. */
  readonly tolerance: number;
}
const expected = fixture<Readonly<Record<string, TenSteps>>>(
  import.meta.url,
  "../fixtures/torch/ten_steps.json",
);
const cases = ["convolutions", "models", "norms", "aggregations", "dense"].flatMap(
  (name) => fixture<{ cases: TorchLayerCase[] }>(import.meta.url, `../fixtures/torch/${name}.json`).cases,
);
const pools = fixture<PoolCase[]>(import.meta.url, "../fixtures/torch/pools.json");
const titleOfPool = (c: PoolCase) => `${c.name} ${pools.indexOf(c)}`;

/** The mean square of what is left of a wave, before each of ten steps. */
function losses(layer: Module, isTraining: boolean, forward: () => Tensor): number[] {
  const optimizer = new Optimizer(adam({ learningRate: 0.01 }), trainable(layer));
  const run = <T>(body: () => T): T => (isTraining ? training(layer, body) : body());
  const found: number[] = [];
  for (let step = 0; step < 10; step++) {
    const { value, gradients } = run(() =>
      valueAndGradients(optimizer.parameters, () => {
        const y = forward();
        return mean(square(sub(y, sines(y.shape, 0.3))));
      }),
    );
    found.push(value.dataSync()[0] ?? NaN);
    optimizer.step(gradients);
    dispose([value, ...Object.values(gradients)]);
  }
  optimizer.dispose();
  return found;
}

function expectLosses(title: string, found: readonly number[]): void {
  const { losses: wanted, tolerance } = expected[title] as TenSteps;
  expect(found, title).toBeAllclose(wanted as number[], { rtol: tolerance, atol: tolerance });
}

describe("on wasm", () => {
  beforeAll(() => useBackend({ only: "wasm" }));

  test.each(cases.filter(({ title }) => title in expected).map((c) => [c.title, c] as const))(
    "%s trains as in PyG",
    async (title, c) => {
      const row = layerRow(title);
      const layer = row.make(new Rng(0));
      if (c.filled) loadWeights(layer, filledState(await torchStateOf(layer)));
      const inputs = c.inputs.map(({ shape, phase, data }) =>
        data === undefined ? sines(shape, phase) : tensor([...data], [...shape], "int32"),
      );
      const forward = () => tidy(() => layer.forward(row.input(inputs) as never));
      expectLosses(title, losses(layer, c.training, forward));
      layer.dispose();
      disposeLeaves(inputs);
    },
  );

  test.each(pools.map((c) => [titleOfPool(c), c] as const))("%s trains as in PyG", (title, c) => {
    const { layer, forward } = makePool(c);
    const graph = graphOfPool(c);
    expectLosses(
      title,
      losses(layer, false, () => forward(graph).x),
    );
    layer.dispose();
  });
});

test("what has no losses has no parameters", () => {
  const titles = [...cases.map(({ title }) => title), ...pools.map(titleOfPool)];
  expect(Object.keys(expected).filter((title) => !titles.includes(title))).toEqual([]);
  const others = cases.filter(({ title }) => !(title in expected));
  for (const { title } of others) {
    const layer = layerRow(title).make(new Rng(0));
    expect(Object.keys(trainable(layer)), title).toEqual([]);
  }
  expect(others.length).toBeLessThan(cases.length / 3);
});
