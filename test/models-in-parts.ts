import {
  CausalConv1d,
  type LanguageModel,
  type Layer,
  Rng,
  type SequenceLayer,
  type Step,
  tanh,
} from "@pellucid/core-train";
import { Mamba2, Mamba3, MambaLm, S4d } from "@pellucid/mamba";
import {
  type AttentionDecoder,
  BahdanauDecoder,
  EncoderRNN,
  GRU,
  GRUCell,
  LSTM,
  LSTMCell,
  LuongConcatAttention,
  LuongDecoder,
  RecurrentLm,
  RNN,
  RNNCell,
} from "@pellucid/rnn";
import {
  Gpt,
  GroupedQueryAttention,
  Llama,
  MultiheadAttention,
  TransformerDecoder,
  TransformerEncoder,
} from "@pellucid/transformer";
import {
  concat,
  slice,
  stack,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type TensorContainer,
  unstack,
} from "@tensorflow/tfjs-core";

export const vocabSize = 11;

/** Reads the parts of a sequence one after the other: the outputs of all time steps. */
type Reader = (x: Tensor, cuts: readonly number[]) => Tensor;

/** A model of a seed, which reads a sequence at once and in parts. */
type Model = (rng: Rng) => { readonly whole: (x: Tensor) => Tensor; readonly parts: Reader };

/** Passes the state after each part on to the next. */
function inParts<State>(
  x: Tensor,
  cuts: readonly number[],
  first: State,
  step: (part: Tensor, before: State) => Step<Tensor, State>,
): Tensor {
  let [state, from] = [first, 0];
  const ys = cuts.map((length) => {
    const { shape } = x;
    const after = step(
      slice(x, [0, from], [shape[0] as number, length, ...shape.slice(2)].slice(0, shape.length)),
      state,
    );
    from += length;
    state = after.state;
    return after.output;
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
        inParts(x, cuts, model.initialState(x.shape[0] as number), (part, state) =>
          model.step(part as Tensor2D, state),
        ),
    };
  };

const sequenceLayer =
  <M extends SequenceLayer<Tensor3D, Tensor3D, State>, State>(
    make: (rng: Rng) => M & SequenceLayer<Tensor3D, Tensor3D, State>,
    forward: (net: M, x: Tensor3D) => Tensor3D,
  ): Model =>
  (rng) => {
    const net = make(rng);
    return {
      whole: (x) => forward(net, x as Tensor3D),
      parts: (x, cuts) =>
        inParts(x, cuts, net.initialState(x.shape[0] as number), (part, state) =>
          net.step(part as Tensor3D, state),
        ),
    };
  };

export const readers: Readonly<Record<string, Model>> = {
  "an RNN": languageModel(
    (rng) => new RecurrentLm({ rng, vocabSize, embeddingDim: 6, hiddenSize: 8, layer: RNN }),
  ),
  "a GRU": languageModel(
    (rng) => new RecurrentLm({ rng, vocabSize, embeddingDim: 6, hiddenSize: 8, layer: GRU }),
  ),
  "an LSTM of two layers": languageModel(
    (rng) => new RecurrentLm({ rng, vocabSize, embeddingDim: 6, hiddenSize: 8, numLayers: 2 }),
  ),
  "GPT with its cache": languageModel(
    (rng) => new Gpt({ rng, vocabSize, blockSize: 16, nLayer: 2, nHead: 2, nEmbd: 8 }),
  ),
  "Llama with its cache": languageModel((rng) => {
    const sizes = { hiddenSize: 16, intermediateSize: 12, maxPositionEmbeddings: 16 };
    const heads = { numHiddenLayers: 2, numAttentionHeads: 4, numKeyValueHeads: 2 };
    return new Llama({ rng, vocabSize, ...sizes, ...heads });
  }),
  Mamba: languageModel((rng) => new MambaLm({ rng, vocabSize, dModel: 8, nLayer: 2 })),
  "Mamba-2": languageModel((rng) => {
    const mixer = (width: number) => new Mamba2(width, { rng, headDim: 4, dState: 8, chunkSize: 4 });
    return new MambaLm({ rng, vocabSize, dModel: 8, nLayer: 2, mixer });
  }),
  "Mamba-3": languageModel((rng) => {
    const mixer = (width: number) => new Mamba3(width, { rng, headDim: 4, dState: 8 });
    return new MambaLm({ rng, vocabSize, dModel: 8, nLayer: 2, mixer });
  }),
};

/** A decoder, and an encoder that has read the first token. */
const decoder =
  (make: (rng: Rng) => AttentionDecoder): Model =>
  (rng) => {
    const net = make(rng);
    const encoder = new EncoderRNN(vocabSize, 6, { rng, numLayers: 2 });
    const start = (x: Tensor) => encoder.forward(slice(x, [0, 0], [-1, 1]) as Tensor2D);
    return {
      whole: (x) => net.step(x as Tensor2D, start(x)).output.logits,
      parts: (x, cuts) =>
        inParts(x, cuts, start(x), (part, before) => {
          const { output, state } = net.step(part as Tensor2D, before);
          return { output: output.logits, state };
        }),
    };
  };

export const seq2seq: Readonly<Record<string, Model>> = {
  EncoderRNN: (rng) => {
    const net = new EncoderRNN(vocabSize, 6, { rng, numLayers: 2 });
    return {
      whole: (x) => net.forward(x as Tensor2D).memory,
      parts: (x, cuts) =>
        inParts(x, cuts, net.initialState(x.shape[0] as number), (part, state) =>
          net.step(part as Tensor2D, state),
        ),
    };
  },
  BahdanauDecoder: decoder((rng) => new BahdanauDecoder(6, vocabSize, { rng, numLayers: 2 })),
  LuongDecoder: decoder(
    (rng) => new LuongDecoder(6, vocabSize, { rng, numLayers: 2, attention: LuongConcatAttention }),
  ),
};

/** A recurrent layer at once, and a loop of its cell with the same weights. */
const cell =
  <State>(
    make: (rng: Rng) => SequenceLayer<Tensor2D, Tensor2D, State>,
    layer: (rng: Rng) => Layer<Tensor3D, Tensor3D>,
  ): Model =>
  (rng) => {
    const same = new Rng(0);
    same.restore(rng.state());
    const [net, whole] = [make(rng), layer(same)];
    const loop = (x: Tensor, first: State): Step<Tensor, State> => {
      let state = first;
      const outputs = (unstack(x, 1) as Tensor2D[]).map((now) => {
        const after = net.step(now, state);
        state = after.state;
        return after.output;
      });
      return { output: stack(outputs, 1), state };
    };
    return {
      whole: (x) => whole.forward(x as Tensor3D),
      parts: (x, cuts) => inParts(x, cuts, net.initialState(x.shape[0] as number), loop),
    };
  };

/** Layers that read vectors. */
export const layers: Readonly<Record<string, Model>> = {
  RNNCell: cell(
    (rng) => new RNNCell(4, 5, { rng }),
    (rng) => new RNN(4, 5, { rng }),
  ),
  GRUCell: cell(
    (rng) => new GRUCell(4, 5, { rng }),
    (rng) => new GRU(4, 5, { rng }),
  ),
  LSTMCell: cell(
    (rng) => new LSTMCell(4, 5, { rng }),
    (rng) => new LSTM(4, 5, { rng }),
  ),
  "an LSTM with a projection": (rng) => {
    const net = new LSTM(4, 5, { rng, numLayers: 2, projSize: 3 });
    return {
      whole: (x) => net.forward(x as Tensor3D),
      parts: (x, cuts) =>
        inParts(x, cuts, net.initialState(x.shape[0] as number), (part, state) =>
          net.step(part as Tensor3D, state),
        ),
    };
  },
  CausalConv1d: sequenceLayer(
    (rng) => new CausalConv1d(4, 5, 3, { rng, dilation: 2 }),
    (net, x) => net.forward(x),
  ),
  ...Object.fromEntries(
    Object.entries({ RNN, GRU, LSTM }).map(([name, Kind]): [string, Model] => [
      name,
      (rng) => {
        const net = new Kind(4, 5, { rng, numLayers: 2 });
        return {
          whole: (x) => net.forward(x as Tensor3D),
          parts: (x, cuts) =>
            inParts(x, cuts, undefined as unknown, (part, before) => {
              const { output, state } = net.step(part as Tensor3D, before as never);
              return { output, state };
            }),
        };
      },
    ]),
  ),
  MultiheadAttention: sequenceLayer(
    (rng) => new MultiheadAttention(4, 2, { rng }),
    (net, x) => net.forward(x, { isCausal: true }),
  ),
  "MultiheadAttention with extra keys": sequenceLayer(
    (rng) => new MultiheadAttention(4, 2, { rng, addBiasKv: true, addZeroAttn: true }),
    (net, x) => net.forward(x, { isCausal: true }),
  ),
  GroupedQueryAttention: sequenceLayer(
    (rng) => new GroupedQueryAttention(4, 2, { rng, numKeyValueHeads: 1 }),
    (net, x) => net.forward(x),
  ),
  TransformerEncoder: sequenceLayer(
    (rng) => new TransformerEncoder(4, 2, 2, { rng, dimFeedforward: 5 }),
    (net, x) => net.forward(x, { isCausal: true }),
  ),
  TransformerDecoder: (rng) => {
    const net = new TransformerDecoder(4, 2, 2, { rng, dimFeedforward: 5 });
    const memoryOf = (x: Tensor): Tensor3D => tanh(slice(x as Tensor3D, [0, 0, 0], [-1, 1, -1]));
    return {
      whole: (x) => net.forward(x as Tensor3D, memoryOf(x), { tgtIsCausal: true }),
      parts: (x, cuts) =>
        inParts(x, cuts, net.initialState(x.shape[0] as number), (part, state) =>
          net.step({ target: part as Tensor3D, memory: memoryOf(x) }, state),
        ),
    };
  },
  S4D: sequenceLayer(
    (rng) => new S4d(4, { rng, dState: 6 }),
    (net, x) => net.forward(x),
  ),
};

export const kindOf = (name: string) => (readsTokens(name) ? "int32" : "float32");
export const readsTokens = (name: string) => name in readers || name in seq2seq;
