import { readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import {
  BatchNorm2d,
  Conv2d,
  Embedding,
  flatten,
  type HostTensor,
  isBuffer,
  Linear,
  loadWeights,
  Module,
  parameter,
  parseSafetensors,
  permute,
  relu,
  Rng,
  SafetensorsError,
  saveWeights,
  sizeOf,
  stateOf,
  type HasTorchLayout,
  type StoredTensor,
  type TorchLayout,
  torchStateOf,
  type WeightsReport,
  WeightsError,
  init,
} from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { memory, tensor, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const torch = fixture<{
  names: string[];
  convWeight: HostTensor;
  batches: number;
  logits: number[];
  logitsIn32Bits: number[];
  ids: number[];
  rows: number[];
}>(import.meta.url, "../../fixtures/torch/weights.json");
const file = new Uint8Array(
  readFileSync(new URL("../../fixtures/torch/weights.safetensors", import.meta.url)),
);

const zeros = (...shape: number[]): HostTensor<Float32Array> => ({
  data: new Float32Array(sizeOf(shape)),
  shape,
});

class Net extends Module {
  readonly conv = new Conv2d(4, 6, 3, { stride: 2, padding: 1, groups: 2, rng: new Rng(1) });
  readonly norm = new BatchNorm2d(6);
  readonly head = new Linear(36, 5, { rng: new Rng(1) });
  forward(x: Tensor4D): Tensor2D {
    return tidy(() => this.head.forward(flatten(relu(this.norm.forward(this.conv.forward(x))))));
  }
}

class Both extends Module {
  readonly net = new Net();
  readonly table = new Embedding(7, 3, { rng: new Rng(1) });
}

class Line extends Linear {
  constructor(inFeatures: number, outFeatures: number) {
    super(inFeatures, outFeatures, { rng: new Rng(1), init: init.constant(0) });
  }
}

const numbersOf = (model: Module): Record<string, ArrayLike<number>> =>
  Object.fromEntries(Object.entries(stateOf(model)).map(([path, value]) => [path, value.dataSync().slice()]));

/** The entries of PyTorch's file, without some and with some. */
const entriesWith = (
  changed: Readonly<Record<string, HostTensor>>,
  ...without: string[]
): Record<string, HostTensor | StoredTensor> => {
  const entries = Object.entries(parseSafetensors(file).tensors).filter(([name]) => !without.includes(name));
  return { ...Object.fromEntries(entries), ...changed };
};

test("a state has PyTorch's names, order and shapes", async () => {
  const state = await torchStateOf(new Both());
  expect(Object.keys(state)).toEqual(torch.names);
  const { tensors } = parseSafetensors(file);
  for (const [name, { shape }] of Object.entries(state)) expect(shape).toEqual(tensors[name]?.shape);
});

test("PyTorch's file loads into our layout and is written again byte for byte", async () => {
  const model = new Both();
  expect(loadWeights(model, file)).toEqual({ loaded: torch.names, missing: [], unknown: [] });
  const { weight } = model.net.conv;
  const [height, width, input, output] = [1, 2, 0, 4];
  const { data } = torch.convWeight;
  expect(weight.dataSync()[((height * 3 + width) * 2 + input) * 6 + output]).toBe(
    data[((output * 2 + input) * 3 + height) * 3 + width],
  );
  expect(model.net.norm.numBatchesTracked?.dataSync()).toEqual(Int32Array.of(torch.batches));
  expect(await saveWeights(model)).toEqual(file);
});

test.each(["cpu", "wasm"] as const)(
  "a model with PyTorch's weights has PyTorch's outputs, on %s",
  async (only) => {
    await useBackend({ only });
    const model = new Both();
    loadWeights(model, file);
    const values = Float32Array.from({ length: 2 * 4 * 5 * 4 }, (_, i) => ((37 * i) % 64) / 32 - 1);
    const { data, shape } = permute({ data: values, shape: [2, 4, 5, 4] }, [0, 2, 3, 1]);
    const logits = await model.net.forward(tensor(data, shape as [number, number, number, number])).data();
    const off = (found: ArrayLike<number>) =>
      Math.max(...torch.logits.map((x, i) => Math.abs(x - (found[i] ?? NaN))));
    const scale = Math.max(...torch.logits.map(Math.abs));
    expect(model.table.forward(tensor(torch.ids, [3], "int32"))).toBeAllclose(torch.rows, {
      rtol: 0,
      atol: 0,
    });
    expect(off(logits)).toBeLessThanOrEqual(Math.max(4 * off(torch.logitsIn32Bits), 1e-6 * scale));
    await useBackend({ only: "cpu" });
  },
);

test("a state goes from model to model", async () => {
  const [first, second] = [new Both(), new Both()];
  loadWeights(first, file);
  loadWeights(second, await torchStateOf(first));
  expect(numbersOf(second)).toEqual(numbersOf(first));
  loadWeights(second, (await saveWeights(first)).buffer);
  expect(numbersOf(second)).toEqual(numbersOf(first));
});

test("a state has the values at the time of the call", async () => {
  const model = new Line(1, 1);
  const reading = torchStateOf(model);
  model.weight.assign(tensor([[7]]));
  expect((await reading)["weight"]?.data).toEqual(Float32Array.of(0));
});

test("numbers of 16 and 64 bits load", () => {
  const model = new Line(1, 2);
  const bytes = (...words: number[]) => new Uint8Array(Uint16Array.from(words).buffer);
  loadWeights(model, {
    weight: { dtype: "F16", shape: [2, 1], bytes: bytes(0x3c00, 0xc100) },
    bias: { dtype: "BF16", shape: [2], bytes: bytes(0x3f80, 0xc020) },
  });
  expect(model.weight).toBeAllclose([[1, -2.5]]);
  expect(model.bias).toBeAllclose([1, -2.5]);
});

test("everything that does not fit is one error, and the model has not changed", () => {
  const model = new Both();
  const before = numbersOf(model);
  const entries = entriesWith(
    {
      "net.conv.bias": zeros(5),
      "net.norm.weight": { data: new Int32Array(6), shape: [6] },
      "net.norm.num_batches_tracked": zeros(),
      "net.norm.running_var": { data: new Float32Array(5), shape: [6] },
      extra: zeros(1),
      "net.more": zeros(1),
    },
    "net.head.bias",
    "table.weight",
  );
  expect(() => loadWeights(model, entries)).toThrow(
    new WeightsError(
      `loadWeights: the weights do not fit Both, which has not changed.
  missing: net.head.bias, table.weight
  unknown: extra, net.more
  not fitting: net.norm.num_batches_tracked is Float32Array, expected int32; net.conv.bias is [5], expected [6]; net.norm.running_var is [6], but has 5 numbers; net.norm.weight is Int32Array, expected float32
  { rename } maps or passes over names, { strict: false } loads only what fits.`,
    ),
  );
  expect(numbersOf(model)).toEqual(before);
});

test("without strict, missing and unknown names are reported, shapes still count", () => {
  const model = new Both();
  const report: WeightsReport = loadWeights(model, entriesWith({ extra: zeros(1) }, "table.weight"), {
    strict: false,
  });
  expect(report).toEqual({
    loaded: torch.names.slice(0, -1),
    missing: ["table.weight"],
    unknown: ["extra"],
  });
  expect(() => loadWeights(model, { "net.conv.bias": zeros(5) }, { strict: false })).toThrow(
    "not fitting: net.conv.bias is [5], expected [6]",
  );
});

test("a prefix before all names is reported, and taken off when asked", () => {
  const model = new Both();
  const wrapped = Object.fromEntries(
    Object.entries(parseSafetensors(file).tensors).map(([name, entry]) => [`module.${name}`, entry]),
  );
  expect(() => loadWeights(model, wrapped)).toThrow(
    'Every unknown name is one of the model\'s after "module.": load with { rename: (name) => name.slice(7) }.',
  );
  expect(loadWeights(model, wrapped, { rename: (name) => name.slice(7) }).loaded).toEqual(torch.names);
});

test("names that rename makes null are passed over", () => {
  const rename = (name: string) => (name === "extra" ? null : name);
  expect(loadWeights(new Both(), entriesWith({ extra: zeros(1) }), { rename }).unknown).toEqual([]);
});

test("a field that files may lack stays as it is", () => {
  const model = new Both();
  const { missing } = loadWeights(model, entriesWith({}, "net.norm.num_batches_tracked"));
  expect(missing).toEqual(["net.norm.num_batches_tracked"]);
});

class Tied extends Module {
  readonly embedding = { weight: parameter(zeros(2, 3)) };
  readonly head = { weight: this.embedding.weight };
}

test("a shared tensor is written under both names and read under either", async () => {
  const model = new Tied();
  const values: HostTensor = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] };
  for (const name of ["embedding.weight", "head.weight"]) {
    expect(loadWeights(model, { [name]: values })).toEqual({
      loaded: ["embedding.weight"],
      missing: [],
      unknown: [],
    });
    expect(await torchStateOf(model)).toEqual({ "embedding.weight": values, "head.weight": values });
  }
  expect(Object.keys(parseSafetensors(await saveWeights(model)).tensors)).toEqual([
    "embedding.weight",
    "head.weight",
  ]);
  expect(() => loadWeights(model, { "embedding.weight": values, "head.weight": zeros(2, 3) })).toThrow(
    new WeightsError(
      "loadWeights: embedding.weight and head.weight are one tensor in the model, but the file has other numbers for each.",
    ),
  );
  expect(model.head.weight).toBeAllclose(values);
});

class Outer extends Module implements HasTorchLayout {
  readonly inner = new Line(1, 1);
  readonly weightIhL0Reverse = parameter(zeros(1));
  readonly blocks = [new Line(1, 1)];
  get torchLayout(): TorchLayout {
    return { inner: { name: "" }, "blocks.0": { name: "Block_0", aliases: ["layer.0"] } };
  }
}

test("a layout renames fields and children, and reads other names", async () => {
  const names = ["weight", "bias", "weight_ih_l0_reverse", "Block_0.weight", "Block_0.bias"];
  const state = await torchStateOf(new Outer());
  expect(Object.keys(state)).toEqual(names);
  const old = Object.entries(state).map(([name, value]) => [name.replace("Block_0", "layer.0"), value]);
  expect(loadWeights(new Outer(), Object.fromEntries(old)).loaded).toEqual(names);
});

class Ambiguous extends Module {
  readonly aB = parameter(zeros(1));
  readonly a_b = parameter(zeros(1));
}

test("two fields of one name are an error", async () => {
  const message = "Ambiguous has two fields that PyTorch calls a_b: see torchLayout.";
  await expect(torchStateOf(new Ambiguous())).rejects.toThrow(new WeightsError(message));
});

test("metadata is written", async () => {
  const bytes = await saveWeights(new Line(1, 1), { metadata: { format: "pt" } });
  expect(parseSafetensors(bytes).metadata).toEqual({ format: "pt" });
});

test("no tensors are leaked, also by a file that is refused halfway", async () => {
  const model = new Both();
  expect(() => loadWeights(model, file)).toLeakNothing();
  const huge: StoredTensor = { dtype: "I64", shape: [], bytes: new Uint8Array(8).fill(0x7f) };
  const before = numbersOf(model);
  const entries = { ...entriesWith({ "net.conv.bias": zeros(6) }), "net.norm.num_batches_tracked": huge };
  expect(() => loadWeights(model, entries)).toThrow(SafetensorsError);
  expect(() => loadWeights(model, entries)).toLeakNothing();
  expect(numbersOf(model)).toEqual(before);
  const { numTensors } = memory();
  await saveWeights(model);
  expect(memory().numTensors).toBe(numTensors);
  expect([...model.slots()].filter(({ tensor }) => isBuffer(tensor))).toHaveLength(3);
});
