import {
  AveragedModel,
  type AveragedModelOptions,
  BatchNorm1d,
  ema,
  emaWithWarmup,
  encodeSafetensors,
  evaluate,
  Linear,
  loadWeights,
  Module,
  mseLoss,
  Optimizer,
  OptionError,
  Rng,
  saveWeights,
  Sequential,
  sgd,
  torchStateOf,
  trainable,
  training,
  trainStep,
  updateBatchNorm,
  withWeights,
} from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { memory, ones, sum, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

type State = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>
>;

const torch = fixture<Readonly<Record<"swa" | "ema" | "emaWithBuffers" | "updateBatchNorm", State>>>(
  import.meta.url,
  "../../fixtures/torch/averaging.json",
);

const net = () => new Sequential(new Linear(2, 3, { rng: new Rng(0) }), new BatchNorm1d(3));

/** Sixteenths between −1 and 1, as in the fixture. */
const fractions = (size: number, salt: number) =>
  Float32Array.from({ length: size }, (_, i) => (((7 * i + 5 * salt) % 33) - 16) / 16);

/** The weights that the fixture sets, under PyTorch's names and in its layout. */
function setWeights(model: Module, salt: number): void {
  const shapes = { "0.weight": [3, 2], "0.bias": [3], "1.weight": [3], "1.bias": [3], "1.running_mean": [3] };
  const floats = Object.entries({ ...shapes, "1.running_var": [3] }).map(([name, shape], index) => {
    const values = fractions(name === "0.weight" ? 6 : 3, 3 * salt + index);
    const shifted = values.map((x) => Math.abs(x) + (name.endsWith("var") ? 0.5 : 0));
    return [name, { dtype: "F32" as const, shape, bytes: new Uint8Array(shifted.buffer) }] as const;
  });
  const count = new Uint8Array(new BigInt64Array([BigInt(salt)]).buffer);
  const tracked = { "1.num_batches_tracked": { dtype: "I64" as const, shape: [], bytes: count } };
  loadWeights(model, encodeSafetensors({ ...Object.fromEntries(floats), ...tracked }));
}

async function expectState(model: Module, expected: State): Promise<void> {
  const state = await torchStateOf(model);
  expect(Object.keys(state).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(state[name]?.shape, name).toEqual(shape);
    expect(state[name]?.data ?? [], name).toBeAllclose(data, { rtol: 1e-6, atol: 1e-7 });
  }
}

describe("PyTorch's AveragedModel has the same names and numbers", () => {
  const average = (options: AveragedModelOptions) => {
    const model = net();
    setWeights(model, 0);
    const averaged = new AveragedModel(model, options);
    for (let salt = 1; salt <= 4; salt++) {
      setWeights(model, salt);
      averaged.update();
    }
    return averaged;
  };

  test("with the plain average", () => expectState(average({}), torch.swa));

  test("with one that forgets", () => expectState(average({ average: ema(0.75) }), torch.ema));

  test("with buffers", () => {
    // PyTorch averages the count of batches too, in integers, which gives 1; it is taken as it is here.
    const count = torch.ema["module.1.num_batches_tracked"] as State[string];
    const expected = { ...torch.emaWithBuffers, "module.1.num_batches_tracked": count };
    return expectState(average({ average: ema(0.75), useBuffers: true }), expected);
  });
});

test("batch norms get the statistics of the data, as PyTorch's update_bn gives them", async () => {
  const model = net();
  setWeights(model, 1);
  await updateBatchNorm(model, [0, 1, 2].map((salt) => ({ x: tensor2d(fractions(8, salt), [4, 2]) }))); // prettier-ignore
  await expectState(model, torch.updateBatchNorm);
  expect((model.layers[1] as BatchNorm1d).momentum).toBe(0.1);
});

test("data that fails leaves the statistics as they were, and nothing behind", async () => {
  const model = net();
  setWeights(model, 1);
  const before = await torchStateOf(model);
  const x = tensor2d(fractions(8, 0), [4, 2]);
  const { numTensors } = memory();
  async function* failing() {
    yield await Promise.resolve({ x });
    throw new Error("the file is gone");
  }
  await expect(updateBatchNorm(model, failing())).rejects.toThrow("the file is gone");
  await expectState(model, before);
  expect((model.layers[1] as BatchNorm1d).momentum).toBe(0.1);
  expect(memory().numTensors).toBe(numTensors);
});

test("it answers with the averages, and the model keeps its own weights", async () => {
  const model = net();
  const averaged = new AveragedModel(model);
  averaged.update();
  const x = ones<Tensor2D["rankType"]>([4, 2]) as Tensor2D;
  const y = model.forward(x) as Tensor2D;
  const optimizer = new Optimizer(sgd({ learningRate: 0.1 }), trainable(model));
  await trainStep(model, optimizer, () => mseLoss(model.forward(x), ones([4, 3])));
  const own = (model.layers[0] as Linear).weight.dataSync();
  const data = { async *[Symbol.asyncIterator]() { yield await Promise.resolve({ x, y }); } }; // prettier-ignore
  const { loss } = await evaluate(averaged, data, { loss: (a, b) => mseLoss(a as Tensor2D, b) });
  expect(loss).toBe(0);
  expect((model.layers[0] as Linear).weight.dataSync()).toEqual(own);
  averaged.apply();
  expect(model.forward(x)).toBeAllclose(y);
});

test("a swap that fails gives the weights back, also when it fails late", async () => {
  const model = net();
  const averaged = new AveragedModel(model);
  setWeights(model, 1);
  const own = await torchStateOf(model);
  const { numTensors } = memory();
  const fail = () => {
    throw new Error("no");
  };
  expect(() => averaged.swap(fail)).toThrow("no");
  await expectState(model, own);
  await expect(averaged.swap(() => Promise.resolve().then(fail))).rejects.toThrow("no");
  await expectState(model, own);
  expect(memory().numTensors).toBe(numTensors);
});

test("weights that do not fit are refused before any is lent", () => {
  const model = net();
  const before = (model.layers[0] as Linear).weight.dataSync();
  const weights = { "0.weight": ones([2, 3]), "0.bias": ones([4]) };
  expect(() => withWeights(model, weights, () => 0)).toThrow("withWeights: 0.bias is [4], expected [3].");
  expect(() => withWeights(model, { "7.bias": ones([4]) }, () => 0)).toThrow(
    "withWeights: the weights hold 7.bias, but Sequential has no such field.",
  );
  expect((model.layers[0] as Linear).weight.dataSync()).toEqual(before);
});

test("it is saved and loaded like a model", async () => {
  const model = net();
  const averaged = new AveragedModel(model);
  averaged.update();
  const again = new AveragedModel(net());
  loadWeights(again, await saveWeights(averaged));
  for (const salt of [1, 2]) {
    setWeights(model, salt);
    averaged.update();
  }
  const resumed = new AveragedModel(model);
  loadWeights(resumed, await saveWeights(again));
  for (const salt of [1, 2]) {
    setWeights(model, salt);
    resumed.update();
  }
  expect(await saveWeights(resumed)).toEqual(await saveWeights(averaged));
});

test("a tensor that two fields share has one average", () => {
  class Tied extends Module {
    readonly encode = new Linear(2, 2, { rng: new Rng(0) });
    readonly decode = this.encode.weight;
    forward(x: Tensor2D): Tensor2D {
      return this.encode.forward(x) as Tensor2D;
    }
  }
  const averaged = new AveragedModel(new Tied());
  expect(averaged.module["decode"]).toBe(averaged.module["encode.weight"]);
  averaged.update();
});

test("updates and answers leak no tensors", () => {
  const model = net();
  const averaged = new AveragedModel(model, { average: ema(), useBuffers: true });
  const x = tensor2d(fractions(8, 0), [4, 2]);
  const { numTensors } = memory();
  for (let step = 0; step < 3; step++) {
    training(model, () => sum(model.forward(x)).dispose());
    averaged.update();
  }
  expect(() => averaged.forward(x)).toLeakNothing();
  expect(memory().numTensors - numTensors).toBeLessThanOrEqual(3); // what forward gave in training
});

test("a decay outside 0 to 1 is rejected", () => {
  expect(() => ema(1.5)).toThrow(new OptionError("ema", "decay", 1.5, "a number in [0, 1]"));
  expect(() => emaWithWarmup(-1)).toThrow("emaWithWarmup: decay is -1, expected a number in [0, 1].");
  expect(() => emaWithWarmup(0.9, { power: 0 })).toThrow(
    "emaWithWarmup: power is 0, expected a number above 0.",
  );
});

test("with a warmup the initial weights are averaged too, but soon forgotten", () => {
  const model = new Linear(1, 1, { rng: new Rng(0), bias: false });
  model.weight.assign(tensor2d([[1]]));
  const averaged = new AveragedModel(model, { average: emaWithWarmup(0.3) });
  const found = [2, 4, 8].map((weight) => {
    model.weight.assign(tensor2d([[weight]]));
    averaged.update();
    return averaged.module["weight"]?.dataSync()[0];
  });
  // 1/10 of 1, 2/11 of 1.9, 3/12 of the next
  expect(found).toBeAllclose([1.9, (2 * 1.9 + 9 * 4) / 11, (2 * 1.9 + 36) / 44 + 6]);
});
