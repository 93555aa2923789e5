// Whatever reads sequences says the same at once, a moment at a time, in parts of any lengths, and as a product of matrices: for random
// sizes, weights and cuts. What is compared are logits of one size, or outputs below it, so 1e-5 is a few dozen roundings.
import { useBackend } from "@pellucid/backends";
import { type LanguageModel, matMul, Rng } from "@pellucid/core-train";
import { dualAttention, hiddenAttention, MambaLm, selectiveScan, stateSpaceDuality } from "@pellucid/mamba";
import { GRU, LSTM, RecurrentLm, RNN } from "@pellucid/rnn";
import { Gpt, Llama, linearAttention, MultiheadAttention, retention } from "@pellucid/transformer";
import {
  abs,
  concat,
  exp,
  expandDims,
  mul,
  neg,
  type Rank,
  type ShapeMap,
  slice,
  squeeze,
  type Tensor,
  type Tensor2D,
  tensor,
  type Tensor3D,
  type Tensor4D,
  type TensorContainer,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

const vocabSize = 11;

/** Reads the parts of a sequence one after the other: what it says of each moment. */
type Reader = (x: Tensor, cuts: readonly number[]) => Tensor;

/** Made of a seed: reads a sequence at once, and in parts. */
type Model = (rng: Rng) => { readonly whole: (x: Tensor) => Tensor; readonly parts: Reader };

/** Hands the state of each part on to the next. */
function inParts<State>(
  x: Tensor,
  cuts: readonly number[],
  first: State,
  advance: (part: Tensor, before: State) => { readonly y: Tensor; readonly state: State },
): Tensor {
  let [state, from] = [first, 0];
  const ys = cuts.map((length) => {
    const { shape } = x;
    const after = advance(
      slice(x, [0, from], [shape[0] as number, length, ...shape.slice(2)].slice(0, shape.length)),
      state,
    );
    from += length;
    state = after.state;
    return after.y;
  });
  return concat(ys, 1);
}

const languageModel =
  <State extends TensorContainer>(
    make: (rng: Rng) => LanguageModel<State> & { forward(tokens: Tensor2D): Tensor3D },
  ): Model =>
  (rng) => {
    const model = make(rng);
    return {
      whole: (x) => model.forward(x as Tensor2D),
      parts: (x, cuts) =>
        inParts(x, cuts, model.initialState(x.shape[0] as number), (part, before) => {
          const { logits, state } = model.advance(part as Tensor2D, before);
          return { y: logits, state };
        }),
    };
  };

const readers: Readonly<Record<string, Model>> = {
  "an RNN": languageModel(
    (rng) => new RecurrentLm({ rng, vocabSize, embeddingDim: 6, hiddenSize: 8, kind: "rnn" }),
  ),
  "a GRU": languageModel(
    (rng) => new RecurrentLm({ rng, vocabSize, embeddingDim: 6, hiddenSize: 8, kind: "gru" }),
  ),
  "an LSTM of two layers": languageModel(
    (rng) => new RecurrentLm({ rng, vocabSize, embeddingDim: 6, hiddenSize: 8, numLayers: 2 }),
  ),
  "GPT with its cache": languageModel(
    (rng) => new Gpt({ rng, vocabSize, blockSize: 16, nLayer: 2, nHead: 2, nEmbd: 8 }),
  ),
  "Llama with its cache": languageModel((rng) => {
    const heads = { numLayers: 2, numHeads: 4, numKvHeads: 2 };
    return new Llama({ rng, vocabSize, hiddenSize: 16, intermediateSize: 12, blockSize: 16, ...heads });
  }),
  Mamba: languageModel((rng) => new MambaLm({ rng, vocabSize, dModel: 8, nLayer: 2 })),
  "Mamba-2": languageModel((rng) => {
    const mixer = { kind: "mamba2", headDim: 4, dState: 8, chunkSize: 4 } as const;
    return new MambaLm({ rng, vocabSize, dModel: 8, nLayer: 2, mixer });
  }),
  "Mamba-3": languageModel((rng) => {
    const mixer = { kind: "mamba3", headDim: 4, dState: 8 } as const;
    return new MambaLm({ rng, vocabSize, dModel: 8, nLayer: 2, mixer });
  }),
};

/** What reads vectors rather than tokens. */
const layers: Readonly<Record<string, Model>> = {
  ...Object.fromEntries(
    Object.entries({ RNN, GRU, LSTM }).map(([name, Kind]): [string, Model] => [
      name,
      (rng) => {
        const net = new Kind(4, 5, { rng, numLayers: 2 });
        return {
          whole: (x) => net.forward(x as Tensor3D),
          parts: (x, cuts) =>
            inParts(x, cuts, undefined as unknown, (part, before) =>
              net.advance(part as Tensor3D, before as never),
            ),
        };
      },
    ]),
  ),
  MultiheadAttention: (rng) => {
    const net = new MultiheadAttention(4, 2, { rng });
    return {
      whole: (x) => net.forward(x as Tensor3D, { isCausal: true }),
      parts: (x, cuts) =>
        inParts(x, cuts, net.initialState(x.shape[0] as number), (part, before) =>
          net.advance(part as Tensor3D, before),
        ),
    };
  },
};

/** A seed, the size of a batch, and the lengths of its parts. */
const cases = fc.record({
  seed: fc.nat(1e6),
  batch: fc.integer({ min: 1, max: 3 }),
  cuts: fc
    .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
    .filter((cuts) => sum(cuts) <= 16),
});
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const runs = { numRuns: 12, seed: 0 };

function apart(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape);
  const [x, y] = [a.dataSync(), b.dataSync()];
  return Math.max(...Array.from(x, (value, i) => Math.abs(value - (y[i] as number))));
}

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.each(Object.entries({ ...readers, ...layers }))(
    "%s reads at once as in parts, and moment by moment",
    (name, make) => {
      fc.assert(
        fc.property(cases, ({ seed, batch, cuts }) =>
          tidy(() => {
            const rng = new Rng(seed);
            const time = sum(cuts);
            const model = make(rng);
            const drawn =
              name in readers ? rng.randint(0, vocabSize, [batch, time]) : rng.randn([batch, time, 4]);
            const x = tensor(Array.from(drawn.data, Number), [...drawn.shape], kindOf(name));
            const whole = model.whole(x);
            const single = new Array<number>(time).fill(1);
            return apart(model.parts(x, cuts), whole) <= 1e-5 && apart(model.parts(x, single), whole) <= 1e-5;
          }),
        ),
        runs,
      );
    },
  );

  const sizes = fc.record({
    seed: fc.nat(1e6),
    batch: fc.integer({ min: 1, max: 2 }),
    time: fc.integer({ min: 1, max: 9 }),
    heads: fc.integer({ min: 1, max: 3 }),
    chunkSize: fc.integer({ min: 1, max: 10 }),
  });
  const draw = <R extends Rank>(rng: Rng, shape: ShapeMap[R]): Tensor<R> =>
    tensor<R>(rng.uniform(shape, -1, 1).data, shape);

  test("a selective scan is its hidden attention", () => {
    fc.assert(
      fc.property(sizes, ({ seed, batch, time, heads: channels }) =>
        tidy(() => {
          const rng = new Rng(seed);
          const u = draw<Rank.R3>(rng, [batch, time, channels]);
          const delta = abs(draw(rng, [batch, time, channels])) as Tensor3D;
          const A = neg(exp(draw(rng, [channels, 4]))) as Tensor2D;
          const [B, C] = [draw<Rank.R3>(rng, [batch, time, 4]), draw<Rank.R3>(rng, [batch, time, 4])];
          const { y } = selectiveScan({ u, delta, A, B, C });
          const weights = hiddenAttention({ delta, A, B, C }); // [batch, channel, time, time]
          const read = expandDims(transpose(u, [0, 2, 1]), 3); // [batch, channel, time, 1]
          const seen: Tensor3D = squeeze(matMul(weights, read), [3]); // [batch, channel, time]
          return apart(transpose(seen, [0, 2, 1]), y) <= 1e-5;
        }),
      ),
      runs,
    );
  });

  test("a state space of heads is its chunks, and attention with a semiseparable mask", () => {
    fc.assert(
      fc.property(sizes, ({ seed, batch, time, heads, chunkSize }) =>
        tidy(() => {
          const rng = new Rng(seed);
          const x = draw<Rank.R4>(rng, [batch, time, heads, 3]);
          const a = neg(mul(abs(draw(rng, [batch, time, heads])), 2)) as Tensor3D;
          const B = draw<Rank.R4>(rng, [batch, time, 1, 4]);
          const C = draw<Rank.R4>(rng, [batch, time, 1, 4]);
          const inputs = { x, a, B, C };
          const { y } = stateSpaceDuality(inputs, { chunkSize: 1 }); // the recurrence
          const attended = matMul<Tensor4D>(dualAttention(inputs), transpose(x, [0, 2, 1, 3]));
          return (
            apart(stateSpaceDuality(inputs, { chunkSize }).y, y) <= 1e-5 &&
            apart(transpose(attended, [0, 2, 1, 3]), y) <= 1e-5
          );
        }),
      ),
      runs,
    );
  });

  test("retention and linear attention are their chunks and their recurrence", () => {
    fc.assert(
      fc.property(sizes, ({ seed, batch, time, heads, chunkSize }) =>
        tidy(() => {
          const rng = new Rng(seed);
          const [query, key, value] = [3, 3, 2].map((size) =>
            draw<Rank.R4>(rng, [batch, heads, time, size]),
          ) as [Tensor4D, Tensor4D, Tensor4D];
          const x = { query, key, value };
          return [1, chunkSize].every(
            (size) =>
              apart(retention(x, { chunkSize: size }).y, retention(x).y) <= 1e-5 &&
              apart(
                linearAttention(x, { isCausal: true, chunkSize: size }),
                linearAttention(x, { isCausal: true }),
              ) <= 1e-5,
          );
        }),
      ),
      runs,
    );
  });
});

const kindOf = (name: string) => (name in readers ? "int32" : "float32");
