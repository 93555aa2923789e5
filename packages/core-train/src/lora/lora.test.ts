import { useBackend } from "@pellucid/backends";
import {
  applyLora,
  Conv1d,
  Conv2d,
  Conv3d,
  Embedding,
  type HostTensor,
  type Layer,
  Linear,
  loadLora,
  loadWeights,
  LoraError,
  mergeLora,
  Module,
  Optimizer,
  parseSafetensors,
  permute,
  removeLora,
  Rng,
  saveLora,
  Sequential,
  sgd,
  trainable,
  trainStep,
  type TorchState,
  torchStateOf,
  unmergeLora,
  ReLU,
} from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { mean, memory, square, sub, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface LoraCase {
  readonly title: string;
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly rslora: boolean;
  readonly x: { readonly data: number[]; readonly shape: number[] };
  readonly before: Readonly<Record<string, { data: number[]; shape: number[] }>>;
  readonly first: LoraCase["before"];
  readonly trained: LoraCase["before"];
  readonly output: LoraCase["x"];
  readonly merged?: LoraCase["x"];
  readonly file: string;
  readonly config: Readonly<Record<string, unknown>>;
}

class Net extends Module implements Layer<Tensor, Tensor> {
  readonly layer: Module & Layer<Tensor, Tensor>;
  constructor(layer: Module) {
    super();
    this.layer = layer as typeof this.layer;
  }
  forward(x: Tensor): Tensor {
    return this.layer.forward(x);
  }
}

const makers: Readonly<Record<string, (rng: Rng) => Module>> = {
  Linear: (rng) => new Linear(5, 3, { rng }),
  "Linear, dropout": (rng) => new Linear(5, 3, { rng, bias: false }),
  "Linear, rslora": (rng) => new Linear(5, 3, { rng }),
  Embedding: (rng) => new Embedding(6, 4, { rng }),
  "Embedding, padding": (rng) => new Embedding(6, 4, { rng, paddingIdx: 1 }),
  Conv1d: (rng) => new Conv1d(3, 4, 3, { rng, padding: 1 }),
  Conv2d: (rng) => new Conv2d(3, 4, 3, { rng, stride: 2, padding: 1 }),
  "Conv2d, 1 by 1": (rng) => new Conv2d(3, 4, 1, { rng }),
  "Conv2d, groups": (rng) => new Conv2d(4, 6, 3, { rng, groups: 2 }),
  Conv3d: (rng) => new Conv3d(2, 3, 2, { rng }),
};
const { cases } = fixture<{ cases: LoraCase[] }>(import.meta.url, "../../fixtures/torch/lora.json");

const isConv = ({ title }: LoraCase) => title.startsWith("Conv");
const lastAxis = (rank: number) => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
const hostOf = ({ data, shape }: LoraCase["x"]): HostTensor => ({ data: new Float32Array(data), shape });
const ours = (c: LoraCase, x: HostTensor): HostTensor =>
  isConv(c) ? permute(x, lastAxis(x.shape.length)) : x;

function inputOf(c: LoraCase): Tensor {
  const { data, shape } = ours(c, hostOf(c.x));
  return tensor(data, [...shape], c.title.startsWith("Embedding") ? "int32" : "float32");
}

function adapted(c: LoraCase): { net: Net; rng: Rng } {
  const rng = new Rng(5);
  const net = new Net((makers[c.title] as (rng: Rng) => Module)(rng));
  const { rank, alpha, dropout, rslora: useRslora } = c;
  expect(applyLora(net, { rank, alpha, dropout, useRslora, targets: ["layer"], rng })).toEqual(["layer"]);
  return { net, rng };
}

async function train(net: Net, x: Tensor): Promise<void> {
  const optimizer = new Optimizer(sgd({ learningRate: 0.5 }), trainable(net));
  for (let step = 0; step < 3; step++) await trainStep(net, optimizer, () => mean(square(net.forward(x))));
  optimizer.dispose();
}

const contents = (file: Uint8Array): TorchState =>
  Object.fromEntries(
    Object.entries(parseSafetensors(file).tensors).map(([name, { shape, bytes }]) => [
      name,
      { data: new Float32Array(bytes.slice().buffer), shape },
    ]),
  );

function expectState(state: TorchState, expected: LoraCase["before"], atol: number): void {
  expect(Object.keys(state).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, { data, shape }] of Object.entries(expected)) {
    expect(state[name]?.shape, name).toEqual(shape);
    for (const [i, value] of data.entries())
      expect(
        Math.abs((state[name]?.data[i] as number) - Math.fround(value)),
        `${name}[${i}]`,
      ).toBeLessThanOrEqual(atol);
  }
}

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.each(cases.map((c) => [c.title, c] as const))("%s agrees with peft", async (_title, c) => {
    const { net } = adapted(c);
    expectState(contents((await saveLora(net))["adapter_model.safetensors"]), c.first, 0);
    const x = inputOf(c);
    await train(net, x);
    const files = await saveLora(net);
    expectState(contents(files["adapter_model.safetensors"]), c.trained, 2e-6);
    const { data, shape } = ours(c, hostOf(c.output));
    expect(net.forward(x)).toBeAllclose(tensor(data, [...shape]), { atol: 5e-6 });
    net.dispose();
  });

  test.each(cases.filter(({ merged }) => merged !== undefined).map((c) => [c.title, c] as const))(
    "%s computes merged what it does unmerged, and its weight is peft's",
    async (_title, c) => {
      const { net } = adapted(c);
      const x = inputOf(c);
      await train(net, x);
      const apart = net.forward(x);
      const original = (await torchStateOf(net.layer))["weight"] as HostTensor;
      mergeLora(net);
      mergeLora(net);
      expect(net.forward(x)).toBeAllclose(apart, { atol: 1e-6 });
      expectState(
        { w: (await torchStateOf(net.layer))["weight"] as HostTensor },
        { w: c.merged as LoraCase["x"] },
        3e-6,
      );
      unmergeLora(net);
      unmergeLora(net);
      expect(net.forward(x)).toBeAllclose(apart, { atol: 1e-6 });
      const again = (await torchStateOf(net.layer))["weight"] as HostTensor;
      expect(again.data).toBeAllclose(original.data, { atol: 1e-6 });
      mergeLora(net);
      removeLora(net);
      expect(Object.keys(await torchStateOf(net))).toEqual(Object.keys(c.before));
      expect(net.forward(x)).toBeAllclose(apart, { atol: 1e-6 });
      net.dispose();
    },
  );
});

test.each(cases.map((c) => [c.title, c] as const))(
  "peft's files of %s load, and are written back",
  async (_title, c) => {
    const rng = new Rng(9);
    const net = new Net((makers[c.title] as (rng: Rng) => Module)(rng));
    loadWeights(net, Object.fromEntries(Object.entries(c.before).map(([name, x]) => [name, hostOf(x)])));
    const bytes = new Uint8Array(Buffer.from(c.file, "base64"));
    const draws = rng.state();
    loadLora(
      net,
      { "adapter_config.json": JSON.stringify(c.config), "adapter_model.safetensors": bytes },
      { rng },
    );
    expect(rng.state()).toEqual(draws);
    const { data, shape } = ours(c, hostOf(c.output));
    expect(net.forward(inputOf(c))).toBeAllclose(tensor(data, [...shape]), { atol: 5e-6 });
    const files = await saveLora(net);
    expect(files["adapter_model.safetensors"]).toEqual(bytes);
    expect(c.config).toMatchObject(JSON.parse(files["adapter_config.json"]) as object);
    net.dispose();
  },
);

const chain = (rng = new Rng(0)) =>
  new Sequential(new Linear(2, 3, { rng }), new ReLU(), new Linear(3, 2, { rng }));

test("only the updates are trained, the model's own names stay, and its files still load", async () => {
  const rng = new Rng(0);
  const model = chain(rng);
  const own = await torchStateOf(model);
  const paths = applyLora(model, { targets: ["0", "2"], rank: 1, rng });
  expect(paths).toEqual(["0", "2"]);
  expect(Object.keys(trainable(model))).toEqual([
    "0.lora.loraA.weight",
    "0.lora.loraB.weight",
    "2.lora.loraA.weight",
    "2.lora.loraB.weight",
  ]);
  expect(loadWeights(model, own, { strict: false }).loaded).toEqual(Object.keys(own));
  model.dispose();
});

test("a dilated and reflecting convolution merges to what it computes, which peft's does not", async () => {
  const rng = new Rng(1);
  const net = new Net(new Conv2d(2, 3, 3, { rng, dilation: 2, padding: 2, paddingMode: "reflect" }));
  applyLora(net, { targets: ["layer"], rank: 2, rng });
  const x = tensor(rng.normal([1, 5, 5, 2], 0, 1).data, [1, 5, 5, 2]);
  await train(net, x);
  const apart = net.forward(x);
  mergeLora(net);
  expect(net.forward(x)).toBeAllclose(apart, { atol: 1e-6 });
  net.dispose();
});

describe("errors", () => {
  const rng = new Rng(0);
  const state = async (model: Module) => JSON.stringify(await torchStateOf(model));

  test("targets that are not there or cannot have an update change nothing", async () => {
    const model = chain();
    const before = await state(model);
    const { numTensors } = memory();
    expect(() => applyLora(model, { targets: ["7", "1"], rng })).toThrow(
      new LoraError(
        "applyLora: there is no layer 7; 1 is a ReLU. Targets are Linear, Embedding, Conv1d, Conv2d and Conv3d layers of Sequential.",
      ),
    );
    expect(() => applyLora(model, { targets: [], rng })).toThrow("targets is [], expected names of layers");
    expect(() => applyLora(model, { targets: ["0"], rank: 0, rng })).toThrow("rank is 0");
    expect(() => applyLora(model, { targets: ["0"], alpha: NaN, rng })).toThrow("alpha is NaN");
    expect(() => applyLora(model, { targets: ["0"], dropout: 2, rng })).toThrow("dropout is 2");
    expect(() => applyLora(model, { targets: ["0"] } as never)).toThrow("rng is undefined");
    expect(() => applyLora(model, { targets: ["0"], r: 4, rng } as never)).toThrow(
      "there is no option r; write rank.",
    );
    expect(await state(model)).toBe(before);
    expect(Object.keys(trainable(model))).toHaveLength(4);
    expect(memory().numTensors).toBe(numTensors);
    applyLora(model, { targets: ["0"], rng });
    expect(() => applyLora(model, { targets: ["0"], rng })).toThrow("0 has an update already");
    model.dispose();
  });

  test("groups that do not divide the rank", () => {
    const net = new Net(new Conv2d(4, 4, 1, { rng, groups: 4 }));
    expect(() => applyLora(net, { targets: ["layer"], rank: 2, rng })).toThrow(
      "layer has 4 groups, which do not divide the rank 2",
    );
    applyLora(net, { targets: ["layer"], rank: 4, rng });
    expect(() => mergeLora(net)).toThrow("mergeLora: layer has 4 groups");
    net.dispose();
  });

  test("a shared weight is not merged", async () => {
    class Tied extends Module {
      readonly embed = new Embedding(4, 2, { rng });
      readonly head = { weight: this.embed.weight };
    }
    const tied = new Tied();
    applyLora(tied, { targets: ["embed"], rank: 1, rng });
    const before = await state(tied);
    expect(() => mergeLora(tied)).toThrow("the weight of embed is shared with another layer");
    expect(await state(tied)).toBe(before);
    tied.dispose();
  });

  test("a model without updates", async () => {
    const model = chain();
    expect(() => mergeLora(model)).toThrow("mergeLora: Sequential has no updates.");
    expect(() => unmergeLora(model)).toThrow(LoraError);
    expect(() => removeLora(model)).toThrow(LoraError);
    await expect(saveLora(model)).rejects.toThrow(LoraError);
    model.dispose();
  });

  test("files that do not fit leave the model as it was", async () => {
    const source = chain();
    applyLora(source, { targets: ["0", "2"], rank: 1, rng });
    const files = await saveLora(source, { baseModel: "chain" });
    const model = chain();
    const before = await state(model);
    const { numTensors } = memory();
    const refuse = (changed: Partial<typeof files>, message: string) => {
      expect(() => loadLora(model, { ...files, ...changed }, { rng })).toThrow(message);
      expect(memory().numTensors).toBe(numTensors);
      expect(Object.keys(trainable(model))).toHaveLength(4);
    };
    const config = JSON.parse(files["adapter_config.json"]) as object;
    const changed = (fields: object) => ({ "adapter_config.json": JSON.stringify({ ...config, ...fields }) });
    refuse({ "adapter_config.json": "no" }, "adapter_config.json is not JSON");
    refuse({ "adapter_config.json": "[]" }, "adapter_config.json is not an object");
    refuse(changed({ peft_type: "IA3" }), 'peft_type of adapter_config.json is "IA3", expected "LORA"');
    refuse(changed({ use_dora: true }), "use_dora of adapter_config.json is true, expected false");
    refuse(changed({ rank_pattern: { "0": 4 } }), "rank_pattern");
    refuse(changed({ r: -1 }), "r of adapter_config.json is -1, expected an integer above 0");
    refuse(changed({ target_modules: "all-linear" }), "target_modules");
    refuse(changed({ r: 2 }), "base_model.model.0.lora_A.weight is F32 [1, 2], expected F32 [2, 2]");
    refuse(changed({ target_modules: ["0"] }), "base_model.model.2.lora_A.weight is unknown");
    refuse(changed({ target_modules: ["9"] }), "there is no layer 9");
    refuse(
      { "adapter_model.safetensors": files["adapter_model.safetensors"].slice(0, 40) },
      "parseSafetensors",
    );
    expect(await state(model)).toBe(before);
    loadLora(model, files, { rng });
    expect(Object.keys(trainable(model))).toHaveLength(4);
    source.dispose();
    model.dispose();
  });
});

test("a forward pass, merging and unmerging leak no tensors", () => {
  const rng = new Rng(0);
  const model = chain(rng);
  applyLora(model, { targets: ["0", "2"], rng });
  const x = tensor([[1, 2]]) as never;
  expect(() => model.forward(x) as Tensor).toLeakNothing();
  const { numTensors } = memory();
  mergeLora(model);
  unmergeLora(model);
  expect(memory().numTensors).toBe(numTensors);
  expect(tidy(() => sub(model.forward(x), model.forward(x)))).toBeAllclose([0, 0]);
  removeLora(model);
  expect(memory().numTensors).toBe(numTensors - 3);
  model.dispose();
});
