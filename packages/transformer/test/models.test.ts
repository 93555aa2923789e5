// Whole models against transformers' and torchvision's in 64 bits, from weights by a formula: outputs, gradients, ten steps of AdamW.
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  crossEntropy,
  encodeSafetensors,
  type HostTensor,
  loadWeights,
  type Module,
  Optimizer,
  Rng,
  saveWeights,
  torchStateOf,
  trainable,
  trainStep,
  valueAndGradients,
  withoutInit,
} from "@pellucid/core-train";
import { drawsOf, fixture, formulaWeights, sines } from "@pellucid/testing";
import { BertForMaskedLm, ContextLengthError, Gpt, Llama, VisionTransformer } from "@pellucid/transformer";
import {
  concat,
  reshape,
  slice,
  type Tensor,
  tensor1d,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  type Tensor4D,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Reference {
  readonly shapes: Record<string, number[]>;
  readonly output: number[];
  readonly loss: number;
  readonly gradients: Record<string, [sum: number, sumOfSquares: number]>;
  readonly losses: number[];
  readonly state: string[];
}
type First = { readonly state: Record<string, [number, number]>; readonly next: number };
const { models, first } = fixture<{
  models: Record<string, Reference>;
  first: Record<string, First>;
}>(import.meta.url, "../fixtures/torch/models.json");

/** The fixture's weights. */
const given = (shapes: Record<string, number[]>): Record<string, HostTensor> =>
  formulaWeights(shapes, (x, name, shape) => {
    if (shape.length > 1) return x * 0.7;
    return name.endsWith("weight") ? 1 + 0.2 * x : 0.2 * x;
  });

/** The sum and the sum of squares, as in the fixture. */
const sums = (data: Iterable<number>): [sum: number, sumOfSquares: number] => {
  let [total, squares] = [0, 0];
  for (const x of data) [total, squares] = [total + x, squares + x * x];
  return [total, squares];
};

const tokenAt = (b: number, t: number): number => (7 * t + 3 * b + t * t) % 23;
const grid = (value: (b: number, t: number) => number) =>
  [0, 1].map((b) => Array.from({ length: 11 }, (_, t) => value(b, t)));
const ids = (): Tensor2D => tensor2d(grid(tokenAt), [2, 11], "int32");

/** The mean loss of each token but the first, given the previous tokens. */
const after = (logits: Tensor): Tensor =>
  crossEntropy(
    reshape(slice(logits, [0, 0, 0], [2, 10, 23]), [20, 23]) as Tensor2D,
    tensor1d(
      grid(tokenAt).flatMap((row) => row.slice(1)),
      "int32",
    ),
  );

/** A model, its forward pass, and its loss. */
interface Row {
  readonly make: () => Module;
  readonly forward: (model: never) => Tensor;
  readonly loss: (output: Tensor) => Tensor;
}
const seen = grid((b, t) => Number(b === 0 || t < 8));
const small = { numLayers: 2, numHeads: 2, hiddenDim: 8, mlpDim: 16, numClasses: 5 };
const gpt = () => new Gpt({ rng: new Rng(0), vocabSize: 23, blockSize: 12, nEmbd: 8, nLayer: 2, nHead: 2 });
const llama = () =>
  new Llama({
    rng: new Rng(0),
    vocabSize: 23,
    hiddenSize: 8,
    intermediateSize: 12,
    numHiddenLayers: 2,
    numAttentionHeads: 4,
    numKeyValueHeads: 2,
    rmsNormEps: 1e-5,
    maxPositionEmbeddings: 16,
  });
const vit = () => new VisionTransformer({ rng: new Rng(0), imageSize: 8, patchSize: 4, ...small });
const rows: Record<string, Row> = {
  gpt2: { make: gpt, forward: (model: Gpt) => model.forward(ids()), loss: after },
  llama: { make: llama, forward: (model: Llama) => model.forward(ids()), loss: after },
  bert: {
    make: () =>
      new BertForMaskedLm({
        rng: new Rng(0),
        vocabSize: 23,
        hiddenSize: 8,
        numHiddenLayers: 2,
        numAttentionHeads: 2,
        intermediateSize: 16,
        maxPositionEmbeddings: 12,
        hiddenDropoutProb: 0,
        attentionProbsDropoutProb: 0,
      }),
    forward: (model: BertForMaskedLm) =>
      model.forward(ids(), {
        attentionMask: tensor2d(seen, [2, 11], "int32"),
        tokenTypeIds: tensor2d(
          grid((_, t) => Number(t > 5)),
          [2, 11],
          "int32",
        ),
      }),
    loss: (logits) => {
      const asked = grid((b, t) => (t % 3 === 1 && (seen[b]?.[t] ?? 0) > 0 ? tokenAt(b, t) : -100)).flat();
      const at = reshape(logits, [22, 23]) as Tensor2D;
      return crossEntropy(at, tensor1d(asked, "int32"), { ignoreIndex: -100 });
    },
  },
  vit: {
    make: vit,
    forward: (model: VisionTransformer) => model.forward(sines([2, 8, 8, 3]) as Tensor4D),
    loss: (logits) => crossEntropy(logits as Tensor2D, tensor1d([1, 4], "int32")),
  },
};

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

describe.each(Object.entries(rows))("%s", (name, { make, forward, loss }) => {
  const wanted = models[name] as Reference;
  const loaded = () => {
    const model = withoutInit(make);
    loadWeights(model, encodeSafetensors(given(wanted.shapes)));
    return model;
  };

  test("within withoutInit it draws nothing", () => {
    expect(drawsOf(() => withoutInit(make).dispose())).toEqual([]);
  });

  test("names and shapes are the reference's, also of tied weights", async () => {
    const state = await torchStateOf(make());
    expect(Object.keys(state).toSorted()).toEqual(wanted.state);
    for (const [key, shape] of Object.entries(wanted.shapes)) expect(state[key]?.shape, key).toEqual(shape);
  });

  test("the reference's weights give its outputs, loss and gradients", async () => {
    const model = loaded();
    expect(forward(model as never)).toBeAllclose(wanted.output, { rtol: 1e-5, atol: 2e-6 });
    const { value, gradients } = valueAndGradients(trainable(model), () => loss(forward(model as never)));
    expect(value).toBeAllclose(wanted.loss, { rtol: 1e-6, atol: 0 });
    for (const [path, parameter] of model.namedParameters())
      parameter.assign(gradients[path] as typeof parameter);
    const gradientsByName = await torchStateOf(model); // read as weights, gradients are under the reference's names
    for (const [key, numbers] of Object.entries(wanted.gradients)) {
      const { data } = gradientsByName[key] as HostTensor;
      const found = sums(data);
      expect(found, key).toBeAllclose(numbers, { rtol: 1e-4, atol: 2e-6 });
    }
  });

  test("ten steps of AdamW give the losses of the reference", async () => {
    const model = loaded();
    const optimizer = new Optimizer(adamw({ learningRate: 1e-3, weightDecay: 0.1 }), trainable(model));
    const losses: number[] = [];
    for (let step = 0; step < 10; step++)
      losses.push(await trainStep(model, optimizer, () => loss(forward(model as never)) as never));
    expect(losses).toBeAllclose(wanted.losses, { rtol: 0, atol: 1e-5 });
  });

  test("saved weights load again", async () => {
    const model = loaded();
    const again = make();
    loadWeights(again, await saveWeights(model));
    expect(forward(again as never)).toBeAllclose(forward(model as never), { rtol: 0, atol: 0 });
  });
});

test.for([
  ["gpt2", gpt],
  ["llama", llama],
] as const)("%s gives the same in one pass, in parts, and token by token", ([name, make]) => {
  const model = make();
  loadWeights(model, given((models[name] as Reference).shapes));
  const tokens = ids();
  const whole = model.forward(tokens);
  let state = model.initialState(2);
  const parts = [2, 1, 5, 1, 2].map((count, i, all) => {
    const from = all.slice(0, i).reduce((a, b) => a + b, 0);
    const after = model.step(slice(tokens, [0, from], [2, count]), state);
    state = after.state;
    return after.output;
  });
  expect(concat(parts, 1)).toBeAllclose(whole, { rtol: 0, atol: 1e-5 });
  const { output } = model.step(tokens, model.initialState(2), { lastOnly: true });
  expect(output).toBeAllclose(slice(whole, [0, 10, 0], [2, 1, 23]), { rtol: 0, atol: 1e-5 });
  expect(() => model.forward(tokens)).toLeakNothing();
  expect(() => model.step(tokens, model.initialState(2))).not.toThrow();
});

test("BERT ignores padding", () => {
  const model = rows["bert"]?.make() as BertForMaskedLm;
  loadWeights(model, given((models["bert"] as Reference).shapes));
  const attentionMask = tensor2d([[1, 1, 1, 0, 0]], [1, 5], "int32");
  const read = (last: number[]) =>
    model.forward(tensor2d([[4, 8, 15, ...last]], [1, 5], "int32"), { attentionMask });
  const own = (logits: Tensor3D) => slice(logits, [0, 0, 0], [1, 3, 23]);
  expect(own(read([16, 22]))).toBeAllclose(own(read([0, 0])), { rtol: 0, atol: 0 });
  expect(model.forward(tensor2d([[4, 8, 15]], [1, 3], "int32"))).toBeAllclose(own(read([0, 0])), {
    rtol: 0,
    atol: 2e-6,
  });
});

test.for([
  ["gpt", gpt],
  ["vit", vit],
] as const)("a seed gives the initial weights of the model in PyTorch: %s", async ([name, make]) => {
  const { state } = first[name] as First;
  const ours = await torchStateOf(make());
  for (const [key, expected] of Object.entries(state)) {
    const { data } = ours[key] as HostTensor;
    const numbers = sums(data);
    expect(numbers, key).toBeAllclose(expected, { rtol: 2e-6, atol: 2e-6 });
  }
});

test("texts that are too long are refused", () => {
  const long: Tensor2D = zeros([1, 13], "int32");
  expect(() => gpt().forward(long)).toThrow(new ContextLengthError("Gpt", 13, 12));
  const model = gpt();
  const { state } = model.step(zeros([1, 10], "int32"), model.initialState(1));
  expect(() => model.step(zeros([1, 3], "int32"), state)).toThrow(new ContextLengthError("Gpt", 13, 12));
});
