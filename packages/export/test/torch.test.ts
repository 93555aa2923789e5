// Models of all families as PyTorch source: the files are those of fixtures/torch, which `tools/check-torch.ts` has run in Python.
import { useBackend } from "@pellucid/backends";
import { BayesianLinear } from "@pellucid/bayesian";
import {
  applyLora,
  BatchNorm1d,
  crossEntropy,
  detach,
  Dropout,
  dropout,
  freeze,
  type HostTensor,
  isTraining,
  Linear,
  Module,
  parseSafetensors,
  ReLU,
  Rng,
  saveWeights,
  Sequential,
  toHostTensor,
  torchStateOf,
} from "@pellucid/core-train";
import { Vae } from "@pellucid/generative";
import { toTorch, TorchExportError, trainByRecipe, type TrainRecipe } from "@pellucid/export";
import {
  add,
  isInf,
  mean,
  memory,
  mul,
  type Tensor,
  type Tensor2D,
  square,
  sub,
  sum,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { recipeOf } from "./torch-recipe.ts";
import { torchRows } from "./torch-rows.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const text = (content: string | Uint8Array | undefined): string => content as string;
const numbers = (content: string | Uint8Array | undefined): Record<string, HostTensor> =>
  Object.fromEntries(
    Object.entries(parseSafetensors(content as Uint8Array).tensors).map(([name, stored]) => [
      name,
      toHostTensor(stored, name),
    ]),
  );

describe.each(Object.entries(torchRows))("%s", (name, { make, inputs, train, fixed = [] }) => {
  test("its source is the one that was run in Python", async () => {
    const model = make(new Rng(0));
    const files = await toTorch(model, inputs(new Rng(1)), {
      fixed,
      ...(train !== null && { train: recipeOf(train(new Rng(2))) }),
    });
    await expect(text(files["model.py"])).toMatchFileSnapshot(`../fixtures/torch/${name}.py`);
    for (const line of text(files["model.py"]).split("\n"))
      expect(line.length, line).toBeLessThanOrEqual(100);
    model.dispose();
  });

  test("its weights have the names and numbers of saveWeights", async () => {
    const model = make(new Rng(0));
    const { "weights.safetensors": bytes } = await toTorch(model, inputs(new Rng(1)), { fixed });
    const found = numbers(bytes);
    const own = await torchStateOf(model);
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(own).toSorted());
    for (const [key, { data, shape }] of Object.entries(own)) {
      expect(found[key]?.shape, key).toEqual(shape);
      expect(Array.from(found[key]?.data ?? []), key).toEqual(Array.from(data));
    }
    model.dispose();
  });
});

const rng = new Rng(0);
const row = (make: (rng: Rng) => Module) => make(new Rng(0)) as Module & { forward(x: Tensor): Tensor };
const net = () =>
  row((own) => new Sequential(new Linear(3, 4, { rng: own }), new ReLU(), new Linear(4, 2, { rng: own })));
const recipe = (changes: Partial<TrainRecipe> = {}): TrainRecipe => ({
  data: { input: rng.uniform([12, 3], -1, 1), target: rng.randint(0, 2, [12]) },
  loss: "crossEntropy",
  optimizer: { name: "sgd", learningRate: 0.1, momentum: 0.9 },
  batchSize: 4,
  steps: 7,
  ...changes,
});

test("train.py has the recipe in PyTorch's words, and the README says how to run it on many machines", async () => {
  const schedule = { name: "oneCycleLr", totalSteps: 7, pctStart: 0.5 } as const;
  const files = await toTorch(net(), [zeros([2, 3])], {
    train: recipe({ schedule, clipGradNorm: 0.5, seed: 11 }),
  });
  await expect(text(files["train.py"])).toMatchFileSnapshot("../fixtures/torch/train.py");
  await expect(text(files["README.md"])).toMatchFileSnapshot("../fixtures/torch/train.md");
  const script = text(files["train.py"]);
  expect(script).toContain("torch.optim.SGD(parameters, lr=0.1, momentum=0.9)");
  expect(script).toContain("nn.utils.clip_grad_norm_(parameters, 0.5)");
  expect(script).toContain('"--seed", type=int, default=11');
});

test("pictures are written with their channels first, and integers in 64 bits", async () => {
  const { make, inputs, train } = torchRows["unet"] as (typeof torchRows)[string];
  const model = make(new Rng(0));
  const one = recipeOf((train as NonNullable<typeof train>)(new Rng(2)));
  const { "data.safetensors": bytes } = await toTorch(model, inputs(new Rng(1)), { train: one });
  const { tensors } = parseSafetensors(bytes as Uint8Array);
  expect(tensors["input"]).toMatchObject({ dtype: "F32", shape: [16, 1, 8, 8] });
  expect(tensors["target"]).toMatchObject({ dtype: "I64", shape: [16, 8, 8] });
  model.dispose();
});

test("a recipe trains the same twice, dropout included, and draws each epoch anew", async () => {
  const run = async () => {
    const own = new Rng(5);
    const model = new Sequential(
      new Linear(3, 8, { rng: own }),
      new Dropout(0.5, { rng: own }),
      new Linear(8, 2, { rng: own }),
    );
    const losses: number[] = [];
    for await (const loss of trainByRecipe(model, recipe({ data: fixed, steps: 7 }))) losses.push(loss);
    model.dispose();
    return losses;
  };
  const fixed = recipe().data;
  const first = await run();
  expect(first).toHaveLength(7);
  expect(await run()).toEqual(first);
  expect(new Set(first).size).toBe(7);
});

test("a loss may be a function of the outputs, which is written as loss_of", async () => {
  const loss = (output: Tensor, target: Tensor) => tidy(() => mean(square(sub(sum(output, 1), target))));
  const data = { input: rng.uniform([12, 3], -1, 1), target: rng.uniform([12], -1, 1) };
  const files = await toTorch(net(), [zeros([2, 3])], { train: recipe({ data, loss }) });
  expect(text(files["train.py"])).toContain(
    "def loss_of(output, target):\n    return (output.sum(1) - target).square().mean(0)  # []",
  );
});

test("a recipe that takes all examples in each step has no sampler", async () => {
  const files = await toTorch(net(), [zeros([2, 3])], { train: recipe({ batchSize: "all" }) });
  const script = text(files["train.py"]);
  expect(script).toContain("loader = DataLoader(dataset, len(dataset), generator=torch.Generator())");
  expect(script).not.toMatch(/Sampler|batch-size/);
  expect(text(files["README.md"])).toContain("Each process takes all examples");
});

test("what is detached is so in PyTorch", async () => {
  const chain = new Model((y) => mul(y, detach(y)));
  expect(text((await toTorch(chain, [zeros([2, 3])]))["model.py"])).toContain("x * x.detach()");
});

test("masks of attention keep their meaning: True blocks", async () => {
  const { make, inputs } = torchRows["translator"] as (typeof torchRows)[string];
  const model = make(new Rng(0));
  const source = text((await toTorch(model, inputs(new Rng(1))))["model.py"]);
  expect(source).toContain("key_padding_mask=src_key_padding_mask");
  expect(source).toContain("attn_mask=causal_mask(x, x)");
  expect(source).toContain('.masked_fill(causal_mask(output, output), float("-inf"))');
  model.dispose();
});

/** A layer, and a function of what it gives. */
class Model extends Module {
  readonly linear = new Linear(3, 3, { rng });
  readonly run: (x: Tensor) => Tensor;
  constructor(run: (x: Tensor) => Tensor) {
    super();
    this.run = run;
  }
  forward(x: Tensor): Tensor {
    return tidy(() => this.run(this.linear.forward(x)));
  }
}

test("what is frozen stays so in PyTorch", async () => {
  const model = new Sequential(new Linear(3, 4, { rng }), new ReLU(), new Linear(4, 2, { rng }));
  freeze(model[0] as unknown as Module);
  const files = await toTorch(model as never, [zeros([2, 3])], { train: recipe() });
  expect(text(files["train.py"])).toContain('FROZEN = {"0.weight", "0.bias"}');
});

describe("what cannot be written is refused by name", () => {
  const x = () => [zeros([2, 3])];

  test("an op without a form in PyTorch", async () => {
    await expect(toTorch(new Model((y) => isInf(y)), x())).rejects.toThrow(
      "toTorch: IsInf in Model: there is no form for this op in PyTorch.",
    );
  });

  test("a module that does two things", async () => {
    class Twice extends Module {
      readonly inner = new Model((y) => y);
      forward(y: Tensor2D): Tensor {
        return tidy(() => add(this.inner.forward(y), mul(this.inner.forward(mul(y, 2)), 3)));
      }
    }
    const files = await toTorch(new Twice(), x());
    expect(text(files["model.py"]).match(/self\.inner\(/g)).toHaveLength(2);
    let calls = 0;
    const odd = new Model((y) => (calls++ % 2 === 0 ? y : mul(y, y)));
    class Odd extends Module {
      readonly inner = odd;
      forward(y: Tensor2D): Tensor {
        return tidy(() => add(this.inner.forward(y), this.inner.forward(y)));
      }
    }
    await expect(toTorch(new Odd(), x())).rejects.toThrow(
      "Model at inner runs twice and does not do the same",
    );
  });

  test("dropout by a function, which train.py would not do, but not dropout by a layer", async () => {
    class Dropping extends Module {
      readonly linear = new Linear(3, 2, { rng: new Rng(0) });
      forward(y: Tensor2D): Tensor {
        const inner = this.linear.forward(y);
        return isTraining(this) ? dropout(inner, 0.5, { rng: new Rng(1) }) : inner;
      }
    }
    const train = recipe();
    await expect(toTorch(new Dropping(), x(), { train })).rejects.toThrow(
      "toTorch: the model (Dropping) does something else in training than in evaluation",
    );
    await expect(toTorch(new Dropping(), x())).resolves.toHaveProperty("model.py");
    const layers = new Sequential(
      new Linear(3, 4, { rng }),
      new Dropout(0.5, { rng }),
      new Linear(4, 2, { rng }),
    );
    await expect(toTorch(layers, x(), { train })).resolves.toHaveProperty("train.py");
  });

  test("a layer that draws its weights, by its path, in a recipe alone", async () => {
    const model = new Sequential(new Linear(3, 4, { rng }), new BayesianLinear(4, 2, { rng }));
    await expect(toTorch(model as never, x(), { train: recipe() })).rejects.toThrow(
      "toTorch: 1 (BayesianLinear) does something else in training than in evaluation",
    );
    await expect(toTorch(model as never, x())).resolves.toHaveProperty("model.py");
  });

  test("numbers that are drawn in evaluation, which would be the same in every run", async () => {
    const model = new Vae(3, { rng, hiddenFeatures: 4, latentFeatures: 2 });
    await expect(toTorch(model, x())).rejects.toThrow(
      "toTorch: random numbers are drawn in evaluation, which source from a trace cannot do; make them an input",
    );
    expect(new Rng(0).rand([1]).data[0]).toBeCloseTo(0.4962566, 6);
  });

  test("a loss that is not one number, or looks up labels", async () => {
    const train = (loss: unknown) => toTorch(net(), x(), { train: { ...recipe(), loss: loss as never } });
    await expect(train((y: Tensor) => sum(y, 1))).rejects.toThrow(
      "the loss gives 1 tensors of 1 axes, expected one number",
    );
    await expect(train(crossEntropy)).rejects.toThrow("there is no form for this op in PyTorch");
  });

  test("a fixed input without all examples in a step", async () => {
    const { make, inputs, fixed = [], train } = torchRows["gcn"] as (typeof torchRows)[string];
    const one = recipeOf((train as NonNullable<typeof train>)(new Rng(2)));
    await expect(
      toTorch(make(new Rng(0)), inputs(new Rng(1)), { fixed, train: { ...one, batchSize: 2 } }),
    ).rejects.toThrow('edgeIndex are the same in every run, but batchSize is 2; expected "all"');
  });

  test("recipes that do not fit", async () => {
    const train = (changes: object) =>
      toTorch(net(), [zeros([2, 3])], { train: { ...recipe(), ...changes } });
    await expect(train({ data: { x: zerosOf([12, 3]), target: zerosOf([12, 2]) } })).rejects.toThrow(
      "data has x, target, expected input, target",
    );
    await expect(train({ data: { input: zerosOf([12, 3]), target: zerosOf([11, 2]) } })).rejects.toThrow(
      "have 12 and 11 examples",
    );
    await expect(train({ optimizer: { name: "newton", learningRate: 1 } })).rejects.toThrow(
      "there is no optimizer newton",
    );
    await expect(train({ schedule: { name: "lambdaLr" } })).rejects.toThrow("there is no schedule lambdaLr");
    await expect(train({ loss: "hinge" })).rejects.toThrow("there is no loss hinge");
    await expect(toTorch(net(), [zeros([2, 3])], { training: true } as never)).rejects.toThrow(
      "there is no option training",
    );
    const { make, inputs } = torchRows["siamese"] as (typeof torchRows)[string];
    const data = { first: zerosOf([4, 3]), second: zerosOf([4, 3]), target: zerosOf([4, 2]) };
    await expect(toTorch(make(new Rng(0)), inputs(new Rng(1)), { train: recipe({ data }) })).rejects.toThrow(
      "has 2 outputs",
    );
  });
});

const zerosOf = (shape: number[]): HostTensor => ({
  data: new Float32Array(shape.reduce((a, b) => a * b)),
  shape,
});

test("adapters of low rank are written as what they are", async () => {
  const model = new Sequential(new Linear(3, 4, { rng }), new BatchNorm1d(4));
  applyLora(model, { targets: ["0"], rank: 2, rng });
  const files = await toTorch(model as never, [zeros([2, 3])]);
  expect(text(files["model.py"])).toContain("self[0].lora(");
  expect(Object.keys(numbers(files["weights.safetensors"]))).toContain("0.lora.lora_A.weight");
  await expect(toTorch(new Sequential(model, model) as never, [zeros([2, 3])])).rejects.toThrow(
    TorchExportError,
  );
});

test("no tensor is left, also when it fails", async () => {
  const model = net();
  const input = zeros([2, 3]);
  const { numTensors } = memory();
  await toTorch(model, [input]);
  expect(memory().numTensors).toBe(numTensors);
  expect((await saveWeights(model)).length).toBeGreaterThan(0);
});
