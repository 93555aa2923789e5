// Files of PyTorch's two exporters: their outputs, the losses of their training here and in PyTorch, and what is refused.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  Conv2d,
  crossEntropy,
  isBuffer,
  type Layer,
  Linear,
  loadWeights,
  Optimizer,
  parseSafetensors,
  ReLU,
  Rng,
  saveWeights,
  Sequential,
  sgd,
  ShapeError,
  stateOf,
  trainable,
  trainStep,
  TransformerEncoderLayer,
} from "@pellucid/core-train";
import { fromOnnx, OnnxError, OnnxModel, toOnnx, toOnnxFiles } from "@pellucid/export";
import {
  memory,
  type Tensor,
  tensor,
  tensor1d,
  type Tensor2D,
  tensor3d,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { mutations } from "@pellucid/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { Message } from "../src/onnx/message.ts";
import {
  type Attribute,
  graphProto,
  modelProto,
  nodeProto,
  tensorProto,
  valueInfo,
} from "../src/onnx/onnx-proto.ts";

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly dtype?: "float32" | "int32";
}

interface Case {
  readonly name: string;
  readonly inputs: readonly Numbers[];
  readonly output: Numbers;
  readonly training?: {
    readonly input: Numbers;
    readonly target: readonly number[];
    readonly losses: readonly number[];
    readonly output: Numbers;
  };
}

const fixtures = join(import.meta.dirname, "../fixtures/torch");
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, "onnx", name)));
const cases = JSON.parse(readFileSync(join(fixtures, "onnx-files.json"), "utf8")) as readonly Case[];

beforeAll(() => useBackend({ only: "wasm" }));

const imported = (name: string): OnnxModel =>
  fromOnnx(
    name === "external"
      ? { model: read("external.onnx"), externalData: { "external.onnx.data": read("external.onnx.data") } }
      : read(`${name}.onnx`),
  );

const made = ({ shape, data, dtype = "float32" }: Numbers): Tensor => tensor([...data], [...shape], dtype);

/** Whether an input or output of PyTorch is turned at the border: an image, a volume, or a sequence that a convolution takes. */
const isTurned = ({ shape }: Numbers): boolean => shape.length > 3;

/** In the layout here: channels last for images. */
const here = (x: Numbers): Tensor =>
  isTurned(x) ? transpose(made(x), [0, ...x.shape.slice(2).map((_, i) => i + 2), 1]) : made(x);

const numbersOf = async (x: Tensor): Promise<number[]> => Array.from(await x.data());

test.each(cases.map((one) => [one.name, one] as const))("%s", async (name, { inputs, output }) => {
  const model = imported(name);
  const x = here(inputs[0] as Numbers);
  const before = memory().numTensors;
  const y = model.forward(x);
  expect(memory().numTensors).toBe(before + 1);
  const wanted = here(output);
  expect(y.shape).toEqual(wanted.shape);
  expect(await numbersOf(y)).toBeAllclose(await numbersOf(wanted), { atol: 1e-5, rtol: 1e-5 });
  model.dispose();
});

test("in the file's layout nothing is turned", async () => {
  const { inputs, output } = cases[0] as Case;
  const model = fromOnnx(read("resampling.onnx"), { layout: "file" });
  expect(model.inputs[0]?.shape).toEqual([1, 2, 6, 8]);
  const plain = fromOnnx(read("convolutions.onnx"), { layout: "file" });
  const y = plain.forward(made(inputs[0] as Numbers));
  expect(await numbersOf(y)).toBeAllclose(output.data, { atol: 1e-5, rtol: 1e-5 });
});

describe("training", () => {
  test.each(cases.flatMap((one) => (one.training === undefined ? [] : [[one.name, one.training] as const])))(
    "%s has PyTorch's losses and outputs after ten steps",
    async (name, { input, target, losses, output }) => {
      const model = imported(name);
      const optimizer = new Optimizer(sgd({ learningRate: 0.05, momentum: 0.9 }), trainable(model));
      const [x, classes] = [here(input), tensor1d([...target], "int32")];
      const found: number[] = [];
      for (const _ of losses)
        found.push(
          await trainStep(model, optimizer, () => crossEntropy(model.forward(x) as Tensor2D, classes)),
        );
      expect(found).toBeAllclose(losses, { atol: 2e-5, rtol: 2e-5 });
      expect(await numbersOf(model.forward(x))).toBeAllclose(output.data, { atol: 1e-4, rtol: 1e-4 });
    },
  );
});

describe("weights", () => {
  test("have the names of the file, and are parameters, buffers or constants by what uses them", () => {
    const model = imported("convolutions-17");
    const names = (isKind: boolean): string[] =>
      Object.entries(stateOf(model)).flatMap(([name, x]) => (isBuffer(x) === isKind ? [name] : []));
    expect(names(false).toSorted()).toEqual(
      [
        "bn1.bias bn1.weight conv1.bias conv1.weight conv2.bias conv2.weight",
        "fc.bias fc.weight norm.bias norm.weight",
      ]
        .join(" ")
        .split(" ")
        .map((name) => `weights.${name}`),
    );
    expect(names(true).toSorted()).toEqual(["weights.bn1.running_mean", "weights.bn1.running_var"]);
    expect(model.weights["conv1.weight"]?.shape).toEqual([3, 3, 3, 8]);
    const table = fromOnnx(read("transformer.onnx"), { trainable: (name) => name === "positions" });
    expect([...table.namedParameters()].map(([name]) => name)).toEqual(["weights.positions"]);
  });

  test("are saved in the layout of the file, and load again", async () => {
    const model = imported("convolutions-17");
    const saved = await saveWeights(model);
    const { tensors } = parseSafetensors(saved);
    expect(tensors["conv1.weight"]?.shape).toEqual([8, 3, 3, 3]);
    expect(tensors["fc.weight"]?.shape).toEqual([5, 32]);
    const other = imported("convolutions-17");
    const x = here((cases[1] as Case).inputs[0] as Numbers);
    for (const [, parameter] of other.namedParameters()) tidy(() => parameter.assign(zeros(parameter.shape)));
    loadWeights(other, saved);
    expect(await numbersOf(other.forward(x))).toEqual(await numbersOf(model.forward(x)));
  });

  test("in another file load as from one", async () => {
    const model = new Linear(64, 32, { rng: new Rng(0) });
    const x = tensor(Float32Array.from({ length: 128 }, Math.sin), [2, 64]);
    const files = await toOnnxFiles(model, [x], "model.onnx.data");
    const expected = await numbersOf(model.forward(x));
    for (const externalData of [files.data, { "model.onnx.data": files.data }]) {
      const found = fromOnnx({ model: files.model, externalData });
      expect(await numbersOf(found.forward(x))).toBeAllclose(expected, { atol: 1e-6 });
    }
    expect(() => fromOnnx(files.model)).toThrow(
      'weight is in the file "model.onnx.data", which was not given',
    );
    expect(() => fromOnnx({ model: files.model, externalData: files.data.subarray(0, 100) })).toThrow(
      "with 8192 bytes of",
    );
  });
});

test("an imported model is exported again, with free axes", async () => {
  const rng = new Rng(0);
  const x = tensor3d(Float32Array.from({ length: 48 }, Math.sin), [2, 3, 8]);
  const model = new TransformerEncoderLayer(8, 2, { rng, dimFeedforward: 16 });
  const once = fromOnnx(await toOnnx(model, [x]));
  const twice = fromOnnx(await toOnnx(once, [x]));
  expect(twice.inputs[0]?.shape).toEqual(["batch", "time", 8]);
  expect(await numbersOf(twice.forward(x))).toBeAllclose(await numbersOf(model.forward(x)), { atol: 1e-5 });
});

test("images have channels last, whatever the layout of the file", async () => {
  const rng = new Rng(0);
  const model = new Sequential(new Conv2d(2, 3, 3, { rng }), new ReLU());
  const x = tensor(Float32Array.from({ length: 64 }, Math.sin), [2, 4, 4, 2]);
  for (const layout of ["channels-first", "channels-last"] as const) {
    const found: Layer<Tensor, Tensor> & OnnxModel = fromOnnx(await toOnnx(model, [x as never], { layout }));
    expect(found.inputs).toEqual([
      { name: "input", dtype: "float32", shape: ["batch", "height", "width", 2] },
    ]);
    expect(await numbersOf(found.forward(x))).toBeAllclose(await numbersOf(model.forward(x as never)), {
      atol: 1e-6,
    });
  }
});

interface Written {
  readonly nodes: readonly Message[];
  readonly weights?: readonly Message[];
  readonly shape?: readonly (number | string)[];
  readonly opset?: number;
  readonly outputs?: readonly string[];
}

/** A file of one input `x` and some outputs, `y` if they are not said. */
function file({ nodes, weights = [], shape = ["n", 2], opset = 17, outputs = ["y"] }: Written): Uint8Array {
  const graph = graphProto("test", {
    nodes,
    initializers: weights,
    inputs: [valueInfo("x", "float32", shape)],
    outputs: outputs.map((name) => valueInfo(name, "float32", ["n"])),
  });
  return modelProto(graph, { opset, ir: 8, metadata: {} }).finish();
}

const node = (
  op: string,
  inputs: string[],
  attributes: Record<string, Attribute> = {},
  output = "y",
): Message => nodeProto(`the ${op}`, op, inputs, [output], attributes);
const floats = (name: string, shape: number[]): Message =>
  tensorProto(name, "float32", shape, new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)));
const ints = (name: string, values: number[]): Message =>
  tensorProto(name, "int64", [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));

describe("what is refused", () => {
  const refusals: readonly (readonly [string, Uint8Array, string])[] = [
    ["text", new TextEncoder().encode("<!doctype html>"), "Is it an ONNX file?"],
    ["nothing", new Uint8Array(0), "the file has no graph"],
    [
      "an unknown op",
      file({ nodes: [node("Loop", ["x"]), node("Foo", ["x"], {}, "z")] }),
      'Loop "the Loop": this op cannot be imported. Nor can Foo.',
    ],
    [
      "an old opset",
      file({ nodes: [node("Relu", ["x"])], opset: 9 }),
      "the file has opset 9, expected 13 to 20",
    ],
    [
      "a new opset",
      file({ nodes: [node("Relu", ["x"])], opset: 23 }),
      "the file has opset 23, expected 13 to 20",
    ],
    [
      "a cycle",
      file({ nodes: [node("Relu", ["z"]), node("Relu", ["y"], {}, "z")] }),
      'it needs "z", but Relu "the Relu" makes it only later, in a cycle or out of order',
    ],
    ["a missing value", file({ nodes: [node("Relu", ["q"])] }), 'it needs "q", but nothing makes it'],
    [
      "a value that is made twice",
      file({ nodes: [node("Relu", ["x"]), node("Abs", ["x"])] }),
      'Abs "the Abs" makes "y", which is there before',
    ],
    ["a missing output", file({ nodes: [node("Relu", ["x"], {}, "z")] }), 'nothing makes the output "y"'],
    [
      "too few bytes",
      file({
        nodes: [node("Add", ["x", "w"])],
        weights: [tensorProto("w", "float32", [3], new Uint8Array(8))],
      }),
      "w is F32 [3], which takes 12 bytes, but has 8",
    ],
    [
      "huge sizes",
      file({
        nodes: [node("Add", ["x", "w"])],
        weights: [tensorProto("w", "float32", [2 ** 30, 2 ** 30], new Uint8Array(8))],
      }),
      "expected sizes from 0 and fewer than 2³¹ elements",
    ],
    [
      "negative sizes",
      file({
        nodes: [node("Add", ["x", "w"])],
        weights: [tensorProto("w", "float32", [-1], new Uint8Array(8))],
      }),
      "w is [-1]",
    ],
    [
      "an offset beyond the file",
      file({
        nodes: [node("Add", ["x", "w"])],
        weights: [tensorProto("w", "float32", [2], { location: "w.bin", offset: 4, length: 8 })],
      }),
      "w is at 4 with 8 bytes of",
    ],
    [
      "a negative offset",
      file({
        nodes: [node("Add", ["x", "w"])],
        weights: [tensorProto("w", "float32", [2], { location: "w.bin", offset: -8, length: 8 })],
      }),
      "w is at -8",
    ],
    [
      "two weights of one name",
      file({ nodes: [node("Add", ["x", "w"])], weights: [floats("w", [2]), floats("w", [2])] }),
      "have the same name",
    ],
  ];
  test.each(refusals)("%s", (_, bytes, message) => {
    const before = memory().numTensors;
    const attempt = (): OnnxModel => fromOnnx({ model: bytes, externalData: { "w.bin": new Uint8Array(8) } });
    expect(attempt).toThrow(OnnxError);
    expect(attempt).toThrow(message);
    expect(memory().numTensors).toBe(before);
  });

  const runs: readonly (readonly [string, Uint8Array, string])[] = [
    [
      "a huge tensor",
      file({ nodes: [node("ConstantOfShape", ["s"])], weights: [ints("s", [2 ** 30, 4])] }),
      'ConstantOfShape "the ConstantOfShape": it would make a tensor of [1073741824, 4]',
    ],
    [
      "huge padding",
      file({ nodes: [node("Pad", ["x", "s"])], weights: [ints("s", [0, 0, 0, 2 ** 31 - 1])] }),
      'Pad "the Pad": it would make a tensor of',
    ],
    [
      "a huge window",
      file({ nodes: [node("MaxPool", ["x"], { kernel_shape: [2, 2 ** 40] })], shape: [1, 1, 4, 4] }),
      'MaxPool "the MaxPool": its window is',
    ],
    [
      "a shape that depends on the data",
      file({ nodes: [node("Cast", ["x"], { to: 7 }, "s"), node("Reshape", ["x", "s"])] }),
      'Reshape "the Reshape": its input 1 depends on the data',
    ],
    [
      "shapes that do not fit",
      file({ nodes: [node("MatMul", ["x", "w"])], weights: [floats("w", [3, 2])] }),
      'MatMul "the MatMul": linear: x is [4, 2], expected [..., 3]',
    ],
    [
      "an attribute of another type",
      file({ nodes: [node("Softmax", ["x"], { axis: "last" })] }),
      'Softmax "the Softmax": axis is not a number',
    ],
    [
      "an axis that is not there",
      file({ nodes: [node("Softmax", ["x"], { axis: 7 })] }),
      "its axis is 7, but there are 2 axes",
    ],
    [
      "a GRU of another kind",
      file({
        nodes: [node("GRU", ["x", "w", "w"], { hidden_size: 1 })],
        weights: [floats("w", [1, 3, 1])],
        shape: [2, 1, 1],
      }),
      'GRU "the GRU": its linear_before_reset is 0',
    ],
    [
      "an index that is not there",
      file({ nodes: [node("Gather", ["x", "s"])], weights: [ints("s", [9])] }),
      'Gather "the Gather": its indices are not all from -4 to 3',
    ],
  ];
  test.each(runs)("%s, when it runs", (_, bytes, message) => {
    const model = fromOnnx(bytes);
    const size = model.inputs[0]?.shape?.map((n) => (typeof n === "number" ? n : 4)) ?? [];
    const x = zeros(size);
    const before = memory().numTensors;
    expect(() => model.forward(x)).toThrow(OnnxError);
    expect(() => model.forward(x)).toThrow(message);
    expect(memory().numTensors).toBe(before);
  });

  test("inputs of another shape, dtype or name, and options that do not exist", () => {
    const model = imported("convolutions");
    expect(() => model.forward(zeros([1, 3, 8, 8]))).toThrow(
      "input is [1, 3, 8, 8], expected [batch, 8, 8, 3]",
    );
    expect(() => model.forward(zeros([1, 8, 8, 3], "int32"))).toThrow("input is int32, expected float32");
    expect(() => model.forward({ image: zeros([1]) } as never)).toThrow(
      "the input is image, expected a tensor",
    );
    expect(() => fromOnnx("model.onnx" as never)).toThrow(
      "the source is string, expected the bytes of a file",
    );
    expect(() => fromOnnx(read("words.onnx"), { layuot: "file" } as never)).toThrow("did you mean layout?");
    expect(() => fromOnnx(read("words.onnx"), { layout: "nhwc" as never })).toThrow(
      'expected "channels-last" or "file"',
    );
  });

  test("3,000 damaged files: each is refused by an OnnxError, or makes a model that runs or is refused by one", () => {
    const small = ["convolutions-17.onnx", "sequences-17.onnx", "resampling-13.onnx", "external.onnx"].map(
      read,
    );
    const before = memory().numTensors;
    let [refused, ran] = [0, 0];
    for (const bytes of mutations(small, 3000)) {
      let model: OnnxModel | null = null;
      try {
        model = fromOnnx({ model: bytes, externalData: read("external.onnx.data") });
        const { inputs } = model;
        const tensors = inputs.map(({ name, dtype, shape }) => {
          const size = (shape ?? []).map((n) => (typeof n === "number" ? Math.max(0, Math.min(n, 9)) : 4));
          return [name, zeros(size, dtype)] as const;
        });
        const input = tensors.length === 1 ? tensors[0]?.[1] : Object.fromEntries(tensors);
        try {
          tidy(() => void model?.forward(input as Tensor));
          ran++;
        } finally {
          for (const [, x] of tensors) x.dispose();
        }
      } catch (error) {
        expect(error, String(error)).toSatisfy((e) => e instanceof OnnxError || e instanceof ShapeError);
        refused++;
      }
      model?.dispose();
    }
    expect(refused).toBeGreaterThan(500);
    expect(ran).toBeGreaterThan(100);
    expect(memory().numTensors).toBe(before);
  });
});
