// Every model against its reference in PyTorch: names and shapes, the initial weights of the seed 0, a training step's logits, gradients and
// buffers from there (dropout drawn alike), and with given weights logits and gradients in inference.
import { useBackend } from "@pellucid/backends";
import {
  encodeSafetensors,
  type HostTensor,
  loadWeights,
  parameter,
  Rng,
  sizeOf,
  torchStateOf,
  trainable,
  training,
  valueAndGradients,
} from "@pellucid/core-train";
import * as segmentation from "@pellucid/segmentation";
import { expectTorch, fixture, sines, type TorchResult } from "@pellucid/testing";
import {
  addN,
  clone,
  dispose,
  keep,
  memory,
  mul,
  sum,
  type Tensor,
  type Tensor4D,
  tidy,
  type Variable,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { given } from "./given.ts";
import { type Model, models, outputsOf } from "./models.ts";
import { beforeAll, describe, expect, test } from "vitest";

interface Case {
  readonly title: string;
  readonly training: boolean;
  readonly input: readonly [number, number, number, number];
  readonly state: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly digest?: readonly number[] }>
  >;
  readonly outputs: readonly TorchResult[];
  readonly gradient: TorchResult;
  readonly parameterGradients: Readonly<Record<string, TorchResult>>;
  readonly buffers: Readonly<Record<string, TorchResult>>;
}

const cases = ["unets", "on-backbones"].flatMap(
  (name) => fixture<{ cases: Case[] }>(import.meta.url, `../fixtures/torch/${name}.json`).cases,
);

/** On plain JavaScript, some. */
const onCpu = /^(UNet, bilinear|Fcn without|DeepLabV3Plus|Segformer)/;

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  const here = cases.filter(({ title }) => backend === "wasm" || onCpu.test(title));
  test.for(here.map((c) => [`${c.title}, in ${c.training ? "training" : "inference"}`, c] as const))(
    "%s",
    async ([, c]) => {
      const before = memory().numTensors;
      const model = (models[c.title] as (rng: Rng) => Model)(new Rng(0));
      const first = await torchStateOf(model);
      expect(Object.keys(first)).toEqual(Object.keys(c.state));
      for (const [name, { shape, digest }] of Object.entries(c.state)) {
        expect(first[name]?.shape, name).toEqual(shape);
        if (digest !== undefined && first[name]?.data instanceof Float32Array)
          expectTorch(first[name], { shape, digest, tolerance: 1e-5 * Math.sqrt(sizeOf(shape)) }, name);
      }
      if (!c.training) loadWeights(model, encodeSafetensors(given(first)));
      const sine = sines(c.input);
      const x = parameter({ data: sine.dataSync<"float32">(), shape: [...c.input] });
      sine.dispose();
      const outputs: Tensor[] = [];
      const step = <T>(body: () => T): T => (c.training ? training(model, body) : body());
      const { value, gradients } = step(() =>
        valueAndGradients({ ...trainable(model), images: x }, () =>
          tidy(() => {
            const ys = outputsOf(model.forward(x as unknown as Tensor4D));
            outputs.push(...ys.map((y) => keep(clone(y))));
            return addN(ys.map((y) => sum(mul(y, sines(y.shape, 0.3)))));
          }),
        ),
      );
      expect(outputs).toHaveLength(c.outputs.length);
      for (const [i, expected] of c.outputs.entries())
        expectTorch(outputs[i] as Tensor, expected, `output ${i}`);
      expectTorch(gradients["images"] as Tensor, c.gradient, "gradient at the images");
      const after = await torchStateOf(model);
      for (const [name, expected] of Object.entries(c.buffers))
        expectTorch(after[name] as HostTensor, expected, name);
      // read back as if they were weights, the gradients are in PyTorch's names and layouts
      for (const [path, weight] of model.namedParameters())
        weight.assign((gradients[path] ?? zerosLike(weight)) as Variable);
      const stored = await torchStateOf(model);
      for (const [name, expected] of Object.entries(c.parameterGradients))
        expectTorch(stored[name] as HostTensor, expected, `gradient at ${name}`);
      dispose([value, ...outputs, ...Object.values(gradients), x]);
      model.dispose();
      expect(memory().numTensors).toBe(before);
    },
  );
});

test("every model has a case", () => {
  const classes = Object.entries(segmentation).filter(
    ([name, value]) =>
      typeof value === "function" &&
      /^(\w*UNet(PlusPlus)?|Fcn|DeepLabV3(Plus)?|LrAspp|PspNet|FpnSegmenter|Segformer)$/.test(name),
  );
  expect(classes.map(([name]) => name).toSorted()).toEqual(
    [...new Set(cases.map(({ title }) => (title.match(/^\w+/) as RegExpMatchArray)[0]))].toSorted(),
  );
});
