import { useBackend } from "@pellucid/backends";
import * as core from "@pellucid/core-train";
import { type Layer, Module, Rng, ShapeError, training, withoutInit } from "@pellucid/core-train";
import {
  checkGradient,
  checkLayerAgainstTorch,
  drawsOf,
  fixture,
  sines,
  type TestedLayer,
  type TorchLayerCase,
} from "@pellucid/testing";
import { type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { activationLayers } from "./rows/activation-layers.ts";
import { activations } from "./rows/activations.ts";
import { convolutionBlocks } from "./rows/convolution-blocks.ts";
import { convolution } from "./rows/convolution.ts";
import { pooling } from "./rows/pooling.ts";
import { rearranging } from "./rows/rearranging.ts";
import { dropout } from "./rows/dropout.ts";
import { unpooling } from "./rows/unpooling.ts";
import type { LayerRow } from "./rows/layer-row.ts";
import { linear } from "./rows/linear.ts";
import { norms } from "./rows/norms.ts";

/** Fixture and rows of each group. Rows of a fixture come in any order; each case has one, and each row a case. */
const groups: Readonly<Record<string, readonly LayerRow[]>> = {
  "linear-layers": linear,
  norms,
  dropout,
  "activation-layers": activationLayers,
  "convolution-blocks": convolutionBlocks,
  "unpooling-layers": unpooling,
  "convolution-layers": [...convolution, ...pooling, ...rearranging],
};

const found = Object.entries(groups).flatMap(([name, rows]) => {
  const { cases } = fixture<{ cases: TorchLayerCase[] }>(import.meta.url, `../fixtures/torch/${name}.json`);
  test(`each case of ${name} has a row`, () => {
    expect(rows.map(({ title }) => title).toSorted()).toEqual(cases.map(({ title }) => title).toSorted());
  });
  return cases.map((c) => ({ c, row: rows.find(({ title }) => title === c.title) as LayerRow }));
});
const titled = found.map((each) => [each.c.title, each] as const);

/** Runs `body` with a layer from seed 0. */
function withLayer<T>({ make }: LayerRow, body: (layer: TestedLayer) => T): T {
  const layer = make(new Rng(0));
  try {
    return body(layer);
  } finally {
    layer.dispose();
  }
}

const classOf = (row: LayerRow) => withLayer(row, (layer) => layer.constructor.name);

/** @param shift of the sines' phases, to keep away from the kinks at 0 */
function inputsOf({ inputs }: TorchLayerCase, shift = 0): Tensor[] {
  return inputs.map(({ shape, phase = 0, data }) =>
    data === undefined ? sines(shape, phase + shift) : tensor([...data], [...shape], "int32"),
  );
}

test("every exported layer has a row", () => {
  const containers: readonly unknown[] = [core.Sequential, core.AveragedModel, core.IntermediateLayers];
  // with masks, a memory, an offset or two outputs: in the tests next to them
  const masked: readonly unknown[] = [
    core.AdaptiveLogSoftmaxWithLoss,
    core.AttentionWeights,
    core.BackboneWithFPN,
    core.DotProductAttention,
    core.FeaturePyramidNetwork,
    core.LastLevelMaxPool,
    core.LastLevelP6P7,
    core.LearnedPositions,
    core.MultiheadAttention,
    core.SinusoidalPositions,
    core.Transformer,
    core.TransformerDecoder,
    core.TransformerDecoderLayer,
    core.TransformerEncoder,
    core.TransformerEncoderLayer,
  ];
  // with states: in recurrent/
  const recurrent: readonly unknown[] = [
    core.GRU,
    core.GRUCell,
    core.LSTM,
    core.LSTMCell,
    core.RNN,
    core.RNNCell,
  ];
  const { init: _, ...exported } = core; // a namespace, not a function
  const layers = Object.values(exported).filter(
    (value) =>
      typeof value === "function" &&
      value.prototype instanceof Module &&
      ![...containers, ...masked, ...recurrent].includes(value),
  );
  const elementwise = Object.values(activations).map(([, make]) => make({ at: 0, value: 0 }));
  const rows = found.map(({ row }) => classOf(row)).filter((name) => name !== "Sequential");
  const tested = [...rows, ...elementwise.map((x) => x.constructor.name)];
  expect(new Set(tested)).toEqual(new Set(layers.map((layer) => layer.name)));
});

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(titled)("%s agrees with PyTorch", (_, { c, row }) =>
    checkLayerAgainstTorch(c, row.make, row.inputOf),
  );

  test.each(titled)("%s gives nothing for an empty batch", (_, { c, row }) => {
    const { inputOf = ([x]) => x } = row;
    const empty = c.inputs.map(({ shape, data }) =>
      zeros([0, ...shape.slice(1)], data === undefined ? "float32" : "int32"),
    );
    const y = withLayer(row, (layer) => layer.forward(inputOf(empty) as never));
    expect(y).toHaveShape([0, ...c.output.shape.slice(1)]);
  });
});

test.each(titled)("%s draws nothing within withoutInit", (_, { row }) => {
  expect(drawsOf(() => withoutInit(() => row.make(new Rng(0))).dispose())).toEqual([]);
});

const measurable = titled.filter(([, { row }]) => row.unmeasurable !== true);

test.each(measurable)("%s has the gradient that finite differences measure", (_, { c, row }) => {
  const inputs = inputsOf(c, 0.36);
  const forward = (at: number) => (x: Tensor) =>
    withLayer(row, (layer) => run(layer, row, c, inputs.with(at, x)));
  for (const [i, x] of inputs.entries()) if (x.dtype === "float32") checkGradient(forward(i), x);
});

test.each(titled)("%s keeps the type, and leaks no tensors", (_, { c, row }) => {
  const inputs = inputsOf(c);
  withLayer(row, (layer) => {
    expect(run(layer, row, c, inputs).dtype).toBe("float32");
    expect(() => training(layer, () => run(layer, row, c, inputs))).toLeakNothing();
    expect(() => run(layer, row, c, inputs)).toLeakNothing();
  });
});

const refusing = found.filter(({ row }) => row.refuses !== undefined);

test.each(refusing.map((each) => [classOf(each.row), each] as const))(
  "%s says what is wrong with an input, and leaks no tensors",
  (_, { row }) => {
    const [shape, message] = row.refuses as NonNullable<LayerRow["refuses"]>;
    const x = sines(shape);
    withLayer(row, (layer) => {
      const forward = () => (layer as Layer<unknown, Tensor>).forward((row.inputOf ?? (([y]) => y))([x]));
      expect(forward).toThrow(new ShapeError(message));
      expect(forward).toLeakNothing();
      expect(() => training(layer, forward)).toLeakNothing();
    });
  },
);

function run(layer: TestedLayer, row: LayerRow, c: TorchLayerCase, inputs: readonly Tensor[]): Tensor {
  const { inputOf = ([x]) => x } = row;
  const forward = () => layer.forward(inputOf(inputs) as never);
  return c.training ? training(layer, forward) : forward();
}
