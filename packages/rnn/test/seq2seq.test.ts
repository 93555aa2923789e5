// Encoders and decoders with attention against PyTorch's in 64 bits, from the same seeds.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  DataError,
  disposeLeaves,
  OptionError,
  Optimizer,
  Rng,
  torchStateOf,
  trainable,
  training,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import { EncoderRNN, LuongDecoder, Seq2Seq } from "@pellucid/rnn";
import { reshape, type Tensor2D, tensor2d, type Tensor3D, type Variable, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { cases, type Kind, lengths, lossOf, make, source, target } from "./small-seq2seq.ts";

/** Rounding of 32 bits in sums of a dozen products, over eight time steps. */
const close = { rtol: 1e-5, atol: 4e-6 };

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.each(Object.entries(cases))(
    "%s: logits, attention and gradients are PyTorch's",
    async (kind, wanted) => {
      const model = make(kind as Kind);
      const { logits, attention } = model.forward({ source: source(), target: target(), lengths });
      expect(logits).toBeAllclose(wanted.logits, close);
      expect(attention).toBeAllclose(wanted.attention, close);
      const { gradients } = valueAndGradients(trainable(model), () => lossOf(model, source(), target()));
      const own: Readonly<Record<string, Variable>> = trainable(model);
      for (const [path, gradient] of Object.entries(gradients)) own[path]?.assign(gradient);
      const found = await torchStateOf(model); // names and layouts are PyTorch's
      expect(Object.keys(found).toSorted()).toEqual(Object.keys(wanted.gradients).toSorted());
      for (const [name, numbers] of Object.entries(wanted.gradients))
        expect([...(found[name]?.data ?? [])], name).toBeAllclose(numbers, close);
    },
  );

  test.each(Object.entries(cases))("%s: ten steps of Adam have PyTorch's losses", async (kind, wanted) => {
    const model = make(kind as Kind);
    const optimizer = new Optimizer(adam({ learningRate: 1e-2 }), trainable(model));
    const [x, y] = [source(), target()];
    const losses: number[] = [];
    for (let step = 0; step < 10; step++)
      losses.push(await trainStep(model, optimizer, () => lossOf(model, x, y)));
    expect(losses).toBeAllclose(wanted.losses, { rtol: 1e-5, atol: 0 });
  });

  test("a padded source gives the same as alone", () => {
    const model = make("bahdanau");
    const batch = model.forward({ source: source(), target: target(), lengths });
    const alone = model.forward({
      source: tensor2d([[4, 2]], [1, 2], "int32"),
      target: tensor2d([[5, 1, 3]], [1, 3], "int32"),
    });
    const own = (batch.logits.arraySync()[1] ?? []).flat();
    expect(alone.logits).toBeAllclose(own, { rtol: 0, atol: 1e-6 });
    for (const row of batch.attention.arraySync()[1] ?? []) expect(row.slice(2)).toEqual([0, 0, 0]);
  });
});

describe("teacher forcing", () => {
  test("between 0 and 1 draws once for each time step but the first", () => {
    const model = make("bahdanau");
    const rng = new Rng(5);
    model.forward({ source: source(), target: target(), lengths }, { teacherForcing: 0.5, rng });
    const other = new Rng(5);
    other.rand([1]);
    other.rand([1]);
    expect(rng.state()).toEqual(other.state());
  });

  test("of 0 can be trained: the generated tokens are treated as constants", () => {
    const model = make("bahdanau");
    const { gradients } = valueAndGradients(trainable(model), () => {
      const { logits } = model.forward(
        { source: source(), target: target(), lengths },
        { teacherForcing: 0 },
      );
      return crossEntropy(reshape(logits, [9, 6]), reshape(target(), [9]));
    });
    expect(Object.keys(gradients)).toContain("encoder.gru.directions.0.weightHh");
  });

  test("features of embeddings are dropped in training only", () => {
    const model = make("general", { dropout: 0.5 });
    const run = () => model.forward({ source: source(), target: target(), lengths }).logits;
    expect(run()).toBeAllclose(run(), { rtol: 0, atol: 0 });
    expect([...training(model, run).dataSync()]).not.toEqual([...run().dataSync()]);
  });

  test("leaks no tensors but the output", () => {
    const model = make("bahdanau");
    const [x, y] = [source(), target()];
    expect(() => model.forward({ source: x, target: y, lengths })).toLeakNothing();
  });

  test("sizes that do not fit together are refused", () => {
    const rng = new Rng(0);
    const encoder = new EncoderRNN(7, 4, { rng });
    expect(() => new Seq2Seq(encoder, new LuongDecoder(5, 6, { rng }), { startToken: 0 })).toThrow(
      new DataError(
        "Seq2Seq: the encoder's state is 1 × 4, the decoder's 1 × 5 (layers × hidden). Give both the same sizes.",
      ),
    );
    expect(() => new Seq2Seq(encoder, new LuongDecoder(4, 6, { rng }), { startToken: 6 })).toThrow(
      new DataError("Seq2Seq: startToken is 6, expected an integer from 0 to 5."),
    );
    const model = make("dot");
    expect(() => model.forward({ source: source(), target: target(), lengths: [5, 0, 1] })).toThrow(
      "EncoderRNN(7, 4): the length of sequence 1 is 0",
    );
    expect(() => model.forward({ source: source(), target: target() }, { teacherForcing: 2 })).toThrow(
      new OptionError("Seq2Seq", "teacherForcing", 2, "a probability, 0 to 1"),
    );
    expect(() => model.forward({ source: source(), target: target() }, { teacherForcing: 0.5 })).toThrow(
      "Seq2Seq: rng is undefined, expected a random generator for a teacherForcing between 0 and 1.",
    );
    expect(() => model.forward({ source: source(), target: tensor2d([[1]], [1, 1], "int32") })).toThrow(
      "Seq2Seq: target is [1, 1], expected [3, time].",
    );
  });
});

test("a decoder refuses a state, or a source, of another shape", () => {
  const { decoder } = make("bahdanau");
  const tokens: Tensor2D = tensor2d([[1], [2]], [2, 1], "int32");
  const [h, memory]: Tensor3D[] = [zeros([1, 2, 4]), zeros([2, 5, 4])];
  const state = { h: h as Tensor3D, memory: memory as Tensor3D, lengths: [5, 5] };
  expect(() => decoder.step(tokens, { ...state, h: zeros([2, 2, 4]) })).toThrow(
    "BahdanauDecoder(4, 6): h is [2, 2, 4], expected [1, 2, 4].",
  );
  expect(() => decoder.step(tokens, { ...state, memory: zeros([2, 5, 3]) })).toThrow(
    "BahdanauDecoder(4, 6): memory is [2, 5, 3], expected [2, source, 4].",
  );
});

test("a step of a decoder owns its state: it stays valid when the previous state is disposed of", () => {
  const { encoder, decoder } = make("general");
  const before = encoder.forward(source(), { lengths });
  const { state } = decoder.step(tensor2d([[1], [2], [0]], [3, 1], "int32"), before);
  const numbers = [...state.memory.dataSync()];
  disposeLeaves(before);
  expect([...state.memory.dataSync()]).toEqual(numbers);
});
