import {
  BatchNorm2d,
  Conv2d,
  Dropout,
  Embedding,
  Flatten,
  GELU,
  type Layer,
  Linear,
  LSTM,
  MaxPool2d,
  Module,
  ReLU,
  Rng,
  Sequential,
  stateOf,
  trace,
  type Trace,
  TraceError,
  type TracedCall,
  TransformerEncoderLayer,
} from "@pellucid/core-train";
import {
  add,
  mul,
  range,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);
const cnn = new Sequential(
  new Conv2d(1, 4, 3, { rng, padding: 1 }),
  new BatchNorm2d(4),
  new ReLU(),
  new MaxPool2d(2),
  new Flatten(),
  new Linear(64, 10, { rng }),
);
const images: Tensor4D = zeros([2, 8, 8, 1]);
const steps = ({ nodes }: Trace) => nodes.map(({ op, path }) => `${path} ${op}`);
const shapeOf = ({ values }: Trace, name: string) => values.get(name)?.shape;

/** A model made of a function. */
class Model<X, Y> extends Module implements Layer<X, Y> {
  readonly run: (x: X) => Y;
  constructor(run: (x: X) => Y) {
    super();
    this.run = run;
  }
  forward(x: X): Y {
    return this.run(x);
  }
}

test("it lists the ops in order, each with the path and class of its module", () => {
  const traced = trace(cnn, [images]);
  expect(steps(traced)).toEqual([
    "0 PellucidConv2dWithBias",
    "1 Reshape",
    "1 PellucidBatchNormInference",
    "1 Reshape",
    "2 PellucidRelu",
    "3 maxPool2d",
    "4 Transpose",
    "4 Reshape",
    "5 Reshape",
    "5 PellucidLinear",
    "5 Reshape",
  ]);
  const [conv] = traced.nodes;
  expect(conv?.inputs).toEqual({ x: "input", filter: "0.weight", bias: "0.bias" });
  expect(conv?.type).toBe("Conv2d");
  expect(conv?.attributes).toMatchObject({
    strides: [1, 1],
    padding: [
      [1, 1],
      [1, 1],
    ],
    groups: 1,
  });
});

test("values are named by paths: parameters, buffers and what modules return", () => {
  const { values, inputs, outputs } = trace(cnn, [images]);
  const kinds = [...values.values()].map(({ name, kind }) => `${kind} ${name}`);
  expect(kinds).toEqual(
    expect.arrayContaining([
      "input input",
      "parameter 0.weight",
      "buffer 1.runningMean",
      "result 1",
      "result 5",
    ]),
  );
  const weight = values.get("5.weight");
  expect(weight?.kind === "parameter" && weight.tensor).toBe(stateOf(cnn)["5.weight"]);
  expect({ inputs, outputs }).toEqual({ inputs: ["input"], outputs: [{ name: "output", value: "5" }] });
});

test("modules are a tree of calls with their inputs and outputs", () => {
  const { root } = trace(cnn, [images]);
  expect(root).toMatchObject({ path: "", type: "Sequential", inputs: [{ kind: "value", name: "input" }] });
  const calls = root.body as TracedCall[];
  expect(calls.map(({ path, type }) => `${path} ${type}`)).toEqual([
    "0 Conv2d",
    "1 BatchNorm2d",
    "2 ReLU",
    "3 MaxPool2d",
    "4 Flatten",
    "5 Linear",
  ]);
  expect(calls[2]).toMatchObject({
    inputs: [{ name: "1" }],
    output: { name: "2" },
    body: [{ op: "PellucidRelu" }],
  });
});

test("as text it is a table, with a line for each op", () => {
  const small = new Sequential(new Linear(4, 3, { rng }), new ReLU());
  const lines = String(trace(small, [zeros([2, 4])])).split("\n");
  expect(lines).toEqual([
    "inputs: input [batch, 4]; of any size: batch",
    "path  layer   op              of                           output",
    expect.stringMatching(/^─+$/u),
    "0     Linear  Reshape         input                        0.reshape [batch, 4]",
    "0     Linear  PellucidLinear  0.reshape, 0.weight, 0.bias  0.linear [batch, 3]",
    "0     Linear  Reshape         0.linear                     0 [batch, 3]",
    "1     ReLU    PellucidRelu    0                            1 [batch, 3]",
    "outputs: output is 1 [batch, 3]",
  ]);
});

test("the batch is free; height and width are not where a linear layer counts the pixels", () => {
  const traced = trace(cnn, [images]);
  expect(traced.axes).toEqual({ batch: { size: 2, limit: null, multiple: 1 } });
  expect(shapeOf(traced, "3")).toEqual(["batch", 4, 4, 4]);
  const flat = traced.nodes.find(({ op, path }) => op === "Reshape" && path === "4");
  expect(flat?.attributes["shape"]).toEqual([
    { of: [{ value: "4.transpose", axis: 0 }], times: 1, add: 0, over: 1 },
    64,
  ]);
});

test("height and width are free in convolutions, and sizes that depend on them are formulas", () => {
  const model = new Sequential(new Conv2d(1, 4, 3, { rng, stride: 2 }), new GELU());
  const traced = trace(model, [images]);
  expect(Object.keys(traced.axes)).toEqual(["batch", "height", "width"]);
  expect(shapeOf(traced, "1")).toEqual(["batch", "(height-1)/2", "(width-1)/2", 4]);
});

test("time is free in recurrent networks and transformers", () => {
  const rows = zeros([2, 5, 8]) as Tensor3D;
  const lstm = trace(new LSTM(8, 4, { rng }), [rows]);
  expect(lstm.axes).toEqual({
    batch: { size: 2, limit: null, multiple: 1 },
    time: { size: 5, limit: null, multiple: 1 },
  });
  const scan = lstm.nodes.find(({ op }) => op === "PellucidLstm");
  expect(scan?.attributes["lengths"]).toMatchObject({ each: { times: 1 }, count: { times: 1 } });
  const encoder = trace(new TransformerEncoderLayer(8, 2, { rng, dimFeedforward: 4 }), [rows]);
  expect(Object.keys(encoder.axes)).toEqual(["batch", "time"]);
});

test("time is limited by a table of positions", () => {
  class Positions extends Module {
    readonly table = new Embedding(6, 3, { rng });
    forward(x: Tensor3D): Tensor3D {
      return tidy(() => add(x, this.table.forward(range(0, x.shape[1], 1, "int32"))) as Tensor3D);
    }
  }
  const traced = trace(new Positions(), [zeros([2, 6, 3]) as Tensor3D]);
  expect(traced.axes["time"]).toEqual({ size: 6, limit: 6, multiple: 1 });
  const ids = traced.nodes.find(({ op }) => op === "Range");
  expect(ids?.attributes["stop"]).toEqual({ of: [{ value: "input", axis: 1 }], times: 1, add: 0, over: 1 });
});

test("an op that is not known is taken apart, and one of several ops can be shown as one", () => {
  const whole = trace(new GELU(), [zeros([2, 3])]);
  expect(steps(whole)).toEqual([" PellucidGelu"]);
  const parts = trace(new GELU(), [zeros([2, 3])], { known: (op) => op !== "PellucidGelu" });
  expect(steps(parts)).toEqual([" Multiply", " Erf", " Add", " Multiply", " Multiply"]);
});

test("inputs and outputs of several tensors are named by their fields", () => {
  const both = new Model(({ a, b }: { a: Tensor; b: Tensor }) => ({ sum: add(a, b), parts: [mul(a, b)] }));
  const { inputs, outputs, root } = trace(both, [{ a: zeros([2, 3]), b: zeros([2, 3]) }]);
  expect(inputs).toEqual(["a", "b"]);
  expect(outputs.map(({ name }) => name)).toEqual(["sum", "parts.0"]);
  expect(root.output).toMatchObject({ kind: "record", fields: { sum: { kind: "value", name: "add" } } });
});

test("a model that reads its input on the host is refused with what it reads and where", () => {
  const branch = (x: Tensor2D) => ((x.dataSync()[0] ?? 0) > 0 ? x : mul(x, 2));
  class Branching extends Module {
    readonly first = new Linear(3, 3, { rng });
    readonly gate = new Model(branch);
    forward(x: Tensor2D): Tensor {
      return this.gate.forward(this.first.forward(x));
    }
  }
  const model = new Branching();
  const x = zeros([2, 3]) as Tensor2D;
  const attempt = () => trace(model, [x]);
  expect(attempt).toThrow(TraceError);
  expect(attempt).toThrow(
    "Model at gate reads the output of first.reshape on the host, so what it computes depends on the numbers",
  );
  expect(attempt).toLeakNothing();
});

test("an input that is fixed is a constant, which may be read", () => {
  const scaled = new Model(({ x, scale }: { x: Tensor; scale: Tensor }) => mul(x, scale.dataSync()[0] ?? 0));
  const input = { x: zeros([2, 3]), scale: zeros([1]) };
  expect(() => trace(scaled, [input])).toThrow("Model reads the input scale on the host");
  expect(trace(scaled, [input], { fixed: ["scale"] }).inputs).toEqual(["x"]);
});

test("a trace in training mode leaves buffers and random generators as they were", () => {
  const model = new Sequential(new Linear(3, 4, { rng }), new Dropout(0.5, { rng }));
  const state = rng.state();
  const traced = trace(model, [zeros([2, 3])], { training: true, axes: {} });
  expect(steps(traced).at(-1)).toBe("1 Multiply");
  expect(rng.state()).toEqual(state);
  const norm = new BatchNorm2d(1);
  trace(norm, [images], { training: true });
  expect(norm.numBatchesTracked?.dataSync()[0]).toBe(0);
});

test.for([
  [{ input: ["batch", "height", null, null] }, TraceError, "trace: the axis height is not free."],
  [{ inputs: ["batch", null, null, null] }, RangeError, "expected the name of an input, some of input"],
  [{ input: ["batch"] }, RangeError, "expected 4 names or nulls, one for each axis"],
] as const)("axes that are not free or do not exist are refused: %#", ([axes, type, message]) => {
  const attempt = () => trace(cnn, [images], { axes });
  expect(attempt).toThrow(type);
  expect(attempt).toThrow(message);
});

test("nothing is left of a trace, nor of one that fails", () => {
  expect(() => {
    trace(cnn, [images]);
  }).toLeakNothing();
  const failing = new Model((x: Tensor): Tensor => {
    mul(x, 2);
    throw new Error("stop");
  });
  const x = zeros([2]);
  expect(() => trace(failing, [x])).toThrow("stop");
  expect(() => trace(failing, [x])).toLeakNothing();
  expect(steps(trace(new ReLU(), [zeros([2, 3])]))).toEqual([" PellucidRelu"]);
});
