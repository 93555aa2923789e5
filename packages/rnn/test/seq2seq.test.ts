// Encoders and decoders with attention against PyTorch's in 64 bits, from the same seeds; and beam search against trying every text.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  beamSearch,
  crossEntropy,
  DataError,
  disposeLeaves,
  logSoftmax,
  OptionError,
  Optimizer,
  Rng,
  torchStateOf,
  trainable,
  training,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import {
  BahdanauDecoder,
  EncoderRNN,
  LuongConcatAttention,
  LuongDecoder,
  LuongDotAttention,
  LuongGeneralAttention,
  Seq2Seq,
} from "@pellucid/rnn";
import { fixture } from "@pellucid/testing";
import {
  argMax,
  memory,
  reshape,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  type Variable,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Case {
  readonly seed: number;
  readonly layers: number;
  readonly logits: number[];
  readonly attention: number[];
  readonly gradients: Record<string, number[]>;
  readonly losses: number[];
}
const attentions = { dot: LuongDotAttention, general: LuongGeneralAttention, concat: LuongConcatAttention };
type Kind = "bahdanau" | keyof typeof attentions;
const { cases } = fixture<{ cases: Record<Kind, Case> }>(import.meta.url, "../fixtures/torch/seq2seq.json");

function make(kind: Kind, { dropout = 0 } = {}) {
  const { seed, layers: numLayers } = cases[kind];
  const options = { rng: new Rng(seed), numLayers, dropout };
  const encoder = new EncoderRNN(7, 4, options);
  const decoder =
    kind === "bahdanau"
      ? new BahdanauDecoder(4, 6, options)
      : new LuongDecoder(4, 6, { ...options, attention: attentions[kind] });
  return new Seq2Seq<BahdanauDecoder | LuongDecoder>(encoder, decoder, { startToken: 0 });
}

const source = (): Tensor2D =>
  tensor2d(
    [
      [1, 5, 2, 6, 3],
      [4, 2, 0, 0, 0],
      [3, 3, 1, 6, 0],
    ],
    [3, 5],
    "int32",
  );
const target = (): Tensor2D =>
  tensor2d(
    [
      [2, 4, 1],
      [5, 1, 3],
      [3, 3, 1],
    ],
    [3, 3],
    "int32",
  );
const lengths = [5, 2, 4];
const lossOf = (model: Seq2Seq, x: Tensor2D, y: Tensor2D) =>
  crossEntropy(reshape(model.forward({ source: x, target: y, lengths }).logits, [9, 6]), reshape(y, [9]));

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

describe("beam search", () => {
  beforeAll(async () => {
    await useBackend({ only: "cpu" });
  });

  const input = [1, 5, 2];
  /** The log-likelihood of each text of a length, or ended earlier by `end`. */
  async function everything(model: Seq2Seq, length: number, end: number) {
    const found: { tokens: number[]; total: number }[] = [];
    const grow = async (tokens: number[], total: number) => {
      if (tokens.length === length || tokens.at(-1) === end) return void found.push({ tokens, total });
      const read = tensor2d([[...tokens, 0]], [1, tokens.length + 1], "int32");
      const { logits } = model.forward({ source: tensor2d([input], [1, 3], "int32"), target: read });
      const logs = ((await logSoftmax(logits).array()) as number[][][])[0]?.at(-1) ?? [];
      for (const [token, log] of logs.entries()) await grow([...tokens, token], total + log);
    };
    await grow([], 0);
    return found;
  }

  test("with enough beams finds the best of all texts, for every length penalty", async () => {
    const model = make("general");
    const all = await everything(model, 3, 2);
    for (const lengthPenalty of [0, 1, 2]) {
      const score = ({ tokens, total }: { tokens: number[]; total: number }) =>
        total / tokens.length ** lengthPenalty;
      const best = all.toSorted((a, b) => score(b) - score(a)).slice(0, 5);
      const found = await beamSearch(model.conditionedOn(input), [model.startToken], {
        beams: 200,
        maxNewTokens: 3,
        endToken: 2,
        lengthPenalty,
      });
      for (const [i, text] of best.entries()) {
        expect(found[i]?.tokens).toEqual(text.tokens);
        expect(found[i]?.logLikelihood).toBeCloseTo(text.total, 5);
        expect(found[i]?.score).toBeCloseTo(score(text), 5);
      }
    }
  });

  test("with one beam takes the most likely token each time, as a decoder without teacher forcing does", async () => {
    const model = make("dot");
    const [found] = await beamSearch(model.conditionedOn(input), [0], { beams: 1, maxNewTokens: 4 });
    const target = tensor2d([[0, 0, 0, 0]], [1, 4], "int32");
    const { logits } = model.forward(
      { source: tensor2d([input], [1, 3], "int32"), target },
      { teacherForcing: 0 },
    );
    expect([...argMax(logits, 2).dataSync()]).toEqual(found?.tokens);
  });

  test("the score does not decrease with more beams; it leaks no tensors, also when it is aborted", async () => {
    const model = make("concat");
    const conditioned = model.conditionedOn(input);
    const before = memory().numTensors;
    const scores: number[] = [];
    for (const beams of [1, 4, 36])
      scores.push(
        (await beamSearch(conditioned, [0], { beams, maxNewTokens: 3, lengthPenalty: 0 }))[0]?.score ??
          Number.NaN,
      );
    expect(scores[1]).toBeGreaterThanOrEqual((scores[0] as number) - 1e-6);
    expect(scores[2]).toBeGreaterThanOrEqual((scores[1] as number) - 1e-6);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(beamSearch(conditioned, [0], { beams: 2, maxNewTokens: 3, signal })).rejects.toThrow(
      "enough",
    );
    expect(memory().numTensors).toBe(before);
  });

  test("rejects sources that are empty or have unknown tokens, and invalid options", async () => {
    const model = make("dot");
    expect(() => model.conditionedOn([])).toThrow(
      new DataError("Seq2Seq: the source has no tokens, expected at least one."),
    );
    expect(() => model.conditionedOn([1, 7])).toThrow(
      new DataError("Seq2Seq: the source has the token 7, expected integers from 0 to 6."),
    );
    const search = (options: { maxNewTokens: number; lengthPenalty?: number }) =>
      beamSearch(model.conditionedOn([1]), [0], { beams: 1, ...options });
    await expect(search({ maxNewTokens: 0 })).rejects.toThrow(
      new OptionError("beamSearch", "maxNewTokens", 0, "an integer above 0"),
    );
    await expect(search({ maxNewTokens: 2, lengthPenalty: -1 })).rejects.toThrow(OptionError);
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
