// Encoders and decoders that attend, against PyTorch's in 64 bits, from the same seeds; and what a search finds, against trying everything.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  DataError,
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
  LuongDecoder,
  type LuongScore,
  Seq2Seq,
  translate,
} from "@pellucid/rnn";
import { fixture } from "@pellucid/testing";
import {
  argMax,
  memory,
  reshape,
  tensor1d,
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
type Kind = "bahdanau" | LuongScore;
const { cases } = fixture<{ cases: Record<Kind, Case> }>(import.meta.url, "../fixtures/torch/seq2seq.json");

function make(kind: Kind, { dropout = 0 } = {}) {
  const { seed, layers: numLayers } = cases[kind];
  const options = { rng: new Rng(seed), numLayers, dropout };
  const encoder = new EncoderRNN(7, 4, options);
  const decoder =
    kind === "bahdanau"
      ? new BahdanauDecoder(4, 6, options)
      : new LuongDecoder(4, 6, { ...options, score: kind });
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

/** Rounding of 32 bits in sums of a dozen products, through eight moments. */
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

  test.each(Object.entries(cases))("%s: ten steps of Adam lose what PyTorch's lose", async (kind, wanted) => {
    const model = make(kind as Kind);
    const optimizer = new Optimizer(adam({ learningRate: 1e-2 }), trainable(model));
    const [x, y] = [source(), target()];
    const losses: number[] = [];
    for (let step = 0; step < 10; step++)
      losses.push(await trainStep(model, optimizer, () => lossOf(model, x, y)));
    expect(losses).toBeAllclose(wanted.losses, { rtol: 1e-5, atol: 0 });
  });

  test("a padded source is written of as by itself", () => {
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

describe("a search", () => {
  beforeAll(async () => {
    await useBackend({ only: "cpu" });
  });

  const input = [1, 5, 2];
  /** The log-likelihood of each text of some length, or ended by `end` before. */
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

  test("that keeps everything finds the best of all, however length counts", async () => {
    const model = make("general");
    const all = await everything(model, 3, 2);
    for (const lengthPenalty of [0, 1, 2]) {
      const score = ({ tokens, total }: { tokens: number[]; total: number }) =>
        total / tokens.length ** lengthPenalty;
      const best = all.toSorted((a, b) => score(b) - score(a)).slice(0, 5);
      const found = await translate(model, input, { beams: 200, maxLength: 3, endToken: 2, lengthPenalty });
      for (const [i, text] of best.entries()) {
        expect(found[i]?.tokens).toEqual(text.tokens);
        expect(found[i]?.logLikelihood).toBeCloseTo(text.total, 5);
        expect(found[i]?.score).toBeCloseTo(score(text), 5);
      }
    }
  });

  test("with one beam takes the likeliest token each time, as a decoder does that is not taught", async () => {
    const model = make("dot");
    const [found] = await translate(model, input, { maxLength: 4 });
    const target = tensor2d([[0, 0, 0, 0]], [1, 4], "int32");
    const { logits, attention } = model.forward(
      { source: tensor2d([input], [1, 3], "int32"), target },
      { teacherForcing: 0 },
    );
    expect([...argMax(logits, 2).dataSync()]).toEqual(found?.tokens);
    expect(attention).toBeAllclose(
      (found?.attention ?? []).flatMap((row) => [...row]),
      { rtol: 0, atol: 1e-6 },
    );
  });

  test("finds no worse with more beams, and leaves nothing behind, also when it is stopped", async () => {
    const model = make("concat");
    const before = memory().numTensors;
    const scores: number[] = [];
    for (const beams of [1, 4, 36])
      scores.push(
        (await translate(model, input, { beams, maxLength: 3, lengthPenalty: 0 }))[0]?.score ?? Number.NaN,
      );
    expect(scores[1]).toBeGreaterThanOrEqual((scores[0] as number) - 1e-6);
    expect(scores[2]).toBeGreaterThanOrEqual((scores[1] as number) - 1e-6);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(translate(model, input, { maxLength: 3, signal })).rejects.toThrow("enough");
    expect(memory().numTensors).toBe(before);
  });

  test("refuses what it cannot read", async () => {
    const model = make("dot");
    await expect(translate(model, [], { maxLength: 3 })).rejects.toThrow(
      new DataError("translate: the source has no token, expected one at least."),
    );
    await expect(translate(model, [1, 7], { maxLength: 3 })).rejects.toThrow(
      new DataError("translate: the source has the token 7, expected whole numbers from 0 to 6."),
    );
    await expect(translate(model, [1], { maxLength: 0 })).rejects.toThrow(
      new OptionError("translate", "maxLength", 0, "a whole number above 0"),
    );
    await expect(translate(model, [1], { maxLength: 2, lengthPenalty: -1 })).rejects.toThrow(OptionError);
  });
});

describe("teaching", () => {
  test("in part draws once for each moment but the first", () => {
    const model = make("bahdanau");
    const rng = new Rng(5);
    model.forward({ source: source(), target: target(), lengths }, { teacherForcing: 0.5, rng });
    const other = new Rng(5);
    other.rand([1]);
    other.rand([1]);
    expect(rng.state()).toEqual(other.state());
  });

  test("by nobody can still be learned from: what was said before counts as given", () => {
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

  test("drops features of embeddings while it trains only", () => {
    const model = make("general", { dropout: 0.5 });
    const run = () => model.forward({ source: source(), target: target(), lengths }).logits;
    expect(run()).toBeAllclose(run(), { rtol: 0, atol: 0 });
    expect([...training(model, run).dataSync()]).not.toEqual([...run().dataSync()]);
  });

  test("leaves nothing but what was written", () => {
    const model = make("bahdanau");
    const [x, y] = [source(), target()];
    expect(() => model.forward({ source: x, target: y, lengths })).toLeakNothing();
  });

  test("of what does not fit together is refused", () => {
    const rng = new Rng(0);
    const encoder = new EncoderRNN(7, 4, { rng });
    expect(() => new Seq2Seq(encoder, new LuongDecoder(5, 6, { rng }), { startToken: 0 })).toThrow(
      new DataError("Seq2Seq: the encoder's state is 1 × 4, the decoder's 1 × 5: expected the same."),
    );
    expect(() => new Seq2Seq(encoder, new LuongDecoder(4, 6, { rng }), { startToken: 6 })).toThrow(
      new DataError("Seq2Seq: startToken is 6, expected a whole number from 0 to 5."),
    );
    const model = make("dot");
    expect(() => model.forward({ source: source(), target: target(), lengths: [5, 0, 1] })).toThrow(
      "EncoderRNN(7, 4): the length of sequence 1 is 0",
    );
    expect(() => model.forward({ source: source(), target: target() }, { teacherForcing: 2 })).toThrow(
      new OptionError("Seq2Seq", "teacherForcing", 2, "a share, 0 to 1"),
    );
    expect(() => model.forward({ source: source(), target: target() }, { teacherForcing: 0.5 })).toThrow(
      "Seq2Seq: rng is undefined, expected one to draw from, or a teacherForcing of 0 or 1.",
    );
    expect(() => model.forward({ source: source(), target: tensor2d([[1]], [1, 1], "int32") })).toThrow(
      "Seq2Seq: target is [1, 1], expected [3, time].",
    );
  });
});

test("a decoder refuses a state, or a source, of another shape", () => {
  const { decoder } = make("bahdanau");
  const tokens = tensor1d([1, 2], "int32");
  const y: Tensor3D = zeros([2, 5, 4]);
  expect(() => decoder.step(tokens, zeros([2, 2, 4]), { y, lengths: [5, 5] })).toThrow(
    "BahdanauDecoder(4, 6): h is [2, 2, 4], expected [1, 2, 4].",
  );
  expect(() => decoder.step(tokens, zeros([1, 2, 4]), { y: zeros([2, 5, 3]), lengths: [5, 5] })).toThrow(
    "BahdanauDecoder(4, 6): memory.y is [2, 5, 3], expected [2, time, 4].",
  );
});
