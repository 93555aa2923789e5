// What a summary counts of models of several families, against PyTorch's modules and FlopCounterMode; and the graph of each model, whose parameters are those of the summary.
import { useBackend } from "@pellucid/backends";
import { MobileNetV2, resnet18, resnet50 } from "@pellucid/cnn";
import {
  Conv2d,
  Conv3d,
  ConvTranspose2d,
  Flatten,
  type Layer,
  Linear,
  LSTM,
  type Module,
  Rng,
  Sequential,
  summary,
  withoutInit,
} from "@pellucid/core-train";
import { modelGraph } from "@pellucid/interpret";
import { fixture } from "@pellucid/testing";
import { Gpt } from "@pellucid/transformer";
import { type Tensor, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

type Counts = Readonly<
  Record<string, readonly [parameters: number, shape: readonly number[] | null, products: number]>
>;

const expected = fixture<Readonly<Record<string, Counts>>>(import.meta.url, "../fixtures/torch/counts.json");
const rng = new Rng(0);
const small = { vocabSize: 24, blockSize: 16, nEmbd: 8, nLayer: 2, nHead: 2 };

/** Modules of which ours has the parameters in another one: those of a tied embedding, and those of an LSTM's cells. */
const elsewhere = /^(transformer\.wte)?$/;

type Row = readonly [
  make: () => Module & Layer<never, unknown>,
  shape: readonly number[],
  dtype?: "float32" | "int32",
];

const models: Readonly<Record<string, Row>> = {
  resnet18: [() => resnet18({ rng }), [2, 64, 64, 3]],
  resnet50: [() => resnet50({ rng }), [1, 64, 64, 3]],
  mobilenet_v2: [() => new MobileNetV2({ rng }), [1, 64, 64, 3]],
  gpt2: [() => new Gpt({ rng, ...small }), [2, 7], "int32"],
  lstm: [() => new LSTM(5, 6, { rng, numLayers: 2 }), [3, 7, 5]],
  transposed: [
    () =>
      new Sequential(
        new ConvTranspose2d(6, 4, 3, { rng, stride: 2, groups: 2 }),
        new Conv2d(4, 8, 3, { rng, dilation: 2, groups: 4 }),
      ),
    [2, 5, 7, 6],
  ],
  volumes: [
    () => new Sequential(new Conv3d(2, 3, 2, { rng }), new Flatten(), new Linear(24, 5, { rng })),
    [2, 3, 3, 3, 2],
  ],
};

/** `ln1` → `ln_1`, `attnDropout` → `attn_dropout` */
const torchPath = (path: string): string =>
  path.replace(/ln(?=\d$)/, "ln_").replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

beforeAll(() => useBackend({ only: "wasm" }));

test.each(Object.entries(models))("%s", (name, [make, shape, dtype]) => {
  const model = withoutInit(make);
  const x = zeros([...shape], dtype);
  const found = summary(model, x as Tensor as never);
  const rows = new Map(found.rows.map((row) => [torchPath(row.path), row]));
  const torch = Object.entries(expected[name] ?? {});
  for (const [path, [parameters, sizes, products]] of torch) {
    const row = rows.get(path);
    if (row === undefined) expect([path, parameters], "a module that is none here").toEqual([path, 0]);
    else {
      if (!elsewhere.test(path) || shape.length > 3)
        expect([path, row.trainable]).toEqual([path, parameters]);
      if (name !== "lstm" && row.outputShapes.length > 0)
        expect([path, row.multiplyAdds]).toEqual([path, products]);
      if (
        sizes !== null &&
        row.outputShapes.length === 1 &&
        !path.endsWith("wpe") &&
        row.layer !== "ReLU6" &&
        shape.length < 5
      )
        expect([path, row.outputShapes[0]]).toEqual([path, sizes]);
    }
  }
  expect(found.trainable).toBe(torch.reduce((sum, [, [parameters]]) => sum + parameters, 0));
  const { nodes } = modelGraph(model, x as Tensor as never);
  expect(nodes.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(found.trainable);
  model.dispose();
  x.dispose();
});

test("an LSTM's products are those of its four gates at each step, which FlopCounterMode does not see", () => {
  const { multiplyAdds } = summary(new LSTM(5, 6, { rng, numLayers: 2 }), [3, 7, 5]);
  expect(multiplyAdds).toBe(3 * 7 * 4 * 6 * (5 + 6 + 6 + 6));
});

test("a residual net has one addition in each block, and no layer twice", () => {
  const { nodes, edges } = modelGraph(
    withoutInit(() => resnet18({ rng })),
    zeros([1, 32, 32, 3]) as never,
  );
  const additions = nodes.flatMap(({ kind }, i) => (kind === "add" ? [i] : []));
  expect(additions.length).toBe(8);
  for (const i of additions) expect(edges.filter(([, to]) => to === i).length).toBe(2);
  expect(nodes.filter(({ kind }) => kind === "Conv2d").length).toBe(20);
});
