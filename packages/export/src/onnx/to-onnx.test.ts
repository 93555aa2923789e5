import {
  Conv2d,
  Embedding,
  Linear,
  Module,
  ReLU,
  Rng,
  Sequential,
  sizeOf,
  stateOf,
  TraceError,
} from "@pellucid/core-train";
import { ExportError, toOnnx, toOnnxFiles } from "@pellucid/export";
import {
  memory,
  mirrorPad,
  mul,
  type Tensor,
  tensor2d,
  type Tensor2D,
  tensor4d,
  transpose,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { runOnnx, sessionOf } from "../../test/run-onnx.ts";
import { ModuleOf } from "../../test/module-of.ts";
import { readModel } from "./read/read-model.ts";

const rng = new Rng(0);
const conv = new Sequential(new Conv2d(2, 3, 3, { rng, padding: 1 }), new ReLU());
const images = tensor4d(Float32Array.from({ length: 64 }, Math.sin), [2, 4, 4, 2]);

test("weights have their paths as names, inputs and outputs those of the fields, free axes their names", async () => {
  const { graph, opset, ir } = readModel(await toOnnx(conv, [images]));
  expect({ opset, ir }).toEqual({ opset: 17, ir: 8 });
  expect(graph.initializers.map(({ name }) => name)).toEqual(["0.weight", "0.bias"]);
  expect(graph.inputs).toEqual([{ name: "input", dtype: 1, shape: ["batch", "height", "width", 2] }]);
  expect(graph.outputs).toEqual([{ name: "output", dtype: 1, shape: ["batch", "height", "width", 3] }]);
  const both = new ModuleOf(({ a, b }: { a: Tensor; b: Tensor }) => ({
    product: mul(a, b),
    parts: [mul(a, 2)],
  }));
  const x = tensor2d([[1, 2]]);
  const file = readModel(await toOnnx(both, [{ a: x, b: mul(x, 3) }]));
  expect(file.graph.inputs.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(file.graph.outputs.map(({ name }) => name)).toEqual(["product", "parts.0"]);
});

test("transposes around convolutions cancel: one at the start and one at the end", async () => {
  const deep = new Sequential(conv, new Conv2d(3, 4, 3, { rng }), new ReLU(), new Conv2d(4, 2, 1, { rng }));
  const { graph } = readModel(await toOnnx(deep, [images]));
  expect(graph.nodes.filter(({ op }) => op === "Transpose")).toHaveLength(2);
  const first = readModel(await toOnnx(deep, [images], { layout: "channels-first" }));
  expect(first.graph.nodes.filter(({ op }) => op === "Transpose")).toHaveLength(0);
  expect(first.graph.inputs[0]?.shape).toEqual(["batch", 2, "height", "width"]);
});

test("with channels first the file takes and gives PyTorch's layout", async () => {
  const session = await sessionOf(await toOnnx(conv, [images], { layout: "channels-first" }));
  const { output } = await runOnnx(session, { input: transpose(images, [0, 3, 1, 2]) });
  const expected = transpose(conv.forward(images), [0, 3, 1, 2]);
  expect(output?.shape).toEqual(expected.shape);
  expect(Array.from(output?.data ?? [])).toBeAllclose(await expected.data(), { atol: 1e-6 });
});

test("integers can be of 64 bits at the border", async () => {
  const table = new Embedding(5, 2, { rng });
  const ids = tensor2d([[0, 4, 2]], [1, 3], "int32");
  const { graph } = readModel(await toOnnx(table, [ids], { integers: "int64" }));
  expect(graph.inputs).toEqual([{ name: "input", dtype: 7, shape: ["batch", "time"] }]);
});

test.each([17, 18, 19, 20] as const)("opset %d runs", async (opset) => {
  const bytes = await toOnnx(conv, [images], { opset });
  expect(readModel(bytes).opset).toBe(opset);
  const { output } = await runOnnx(await sessionOf(bytes), { input: images });
  expect(Array.from(output?.data ?? [])).toBeAllclose(await conv.forward(images).data(), { atol: 1e-6 });
});

test("metadata has the model, its layout, and what is given", async () => {
  const { metadata } = readModel(await toOnnx(conv, [images], { metadata: { author: "Ada" } }));
  expect(Object.fromEntries(metadata)).toEqual({
    model: "Sequential",
    layout: "channels-last",
    author: "Ada",
  });
});

test("weights in a file of their own are aligned, and shapes stay in the model", async () => {
  const model = new Linear(64, 32, { rng });
  const { model: file, data } = await toOnnxFiles(
    model,
    [tensor2d(new Float32Array(64), [1, 64])],
    "model.onnx.data",
  );
  expect(file.length).toBeLessThan(1000);
  expect(data.length).toBe(4 * 64 * 32);
  const weight = stateOf(model)["weight"] as Tensor;
  expect(sizeOf(weight.shape) * 4).toBe(data.length);
  expect(new Float32Array(data.buffer)).toEqual(await weight.data());
  await expect(toOnnxFiles(model, [images as never], "weights/model.data")).rejects.toThrow(
    "the name of a file without folders",
  );
});

test("an op without a form is named with its module", async () => {
  class Mirrored extends Module {
    readonly inner = new ModuleOf((x: Tensor2D) =>
      mirrorPad(
        x,
        [
          [0, 0],
          [1, 1],
        ],
        "symmetric",
      ),
    );
    forward(x: Tensor2D): Tensor {
      return this.inner.forward(x);
    }
  }
  const attempt = toOnnx(new Mirrored(), [tensor2d([[1, 2, 3]])]);
  await expect(attempt).rejects.toThrow(ExportError);
  await expect(attempt).rejects.toThrow(
    "toOnnx: MirrorPad in ModuleOf at inner has no form in ONNX: the mode is symmetric.",
  );
});

test("a read on the host and wrong options are refused", async () => {
  const reads = new ModuleOf((x: Tensor2D) => mul(x, x.dataSync()[0] as number));
  await expect(toOnnx(reads, [tensor2d([[1]])])).rejects.toThrow(TraceError);
  await expect(toOnnx(conv, [images], { opset: 16 as never })).rejects.toThrow(
    "opset is 16, expected 17, 18, 19 or 20",
  );
  await expect(toOnnx(conv, [images], { layuot: "x" } as never)).rejects.toThrow("did you mean layout?");
  await expect(toOnnx(conv, images as never)).rejects.toThrow("the list of what forward takes: [images]");
});

test("nothing is left", async () => {
  const before = memory().numTensors;
  await toOnnx(conv, [images]);
  await toOnnx(conv, [images], { opset: 16 as never }).catch(() => null);
  expect(memory().numTensors).toBe(before);
});
