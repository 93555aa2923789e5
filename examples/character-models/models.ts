// The models: each reads tokens and continues from its state.
import type { LanguageModel, Module, Rng } from "@pellucid/core-train";
import { Mamba, Mamba2, Mamba3, MambaLm, type MambaLmOptions } from "@pellucid/mamba";
import { GRU, LSTM, RecurrentLm } from "@pellucid/rnn";
import { Gpt } from "@pellucid/transformer";
import type { Tensor2D, Tensor3D, TensorContainer } from "@tensorflow/tfjs-core";

export const kinds = ["mamba", "mamba2", "mamba3", "lstm", "gru", "gpt"] as const;

export type Kind = (typeof kinds)[number];

/** A language model with any kind of state. */
export type CharacterModel = Module &
  LanguageModel<TensorContainer> & { forward(tokens: Tensor2D): Tensor3D };

interface Sizes {
  readonly rng: Rng;
  readonly vocabSize: number;
  /** The characters read at once in training, which is the context length of the GPT. */
  readonly window: number;
  readonly width?: number;
}

/** A model of the size that the README's table has. */
export function makeModel(kind: Kind, sizes: Sizes): CharacterModel {
  switch (kind) {
    case "mamba":
      return mamba((width, rng) => new Mamba(width, { rng }), sizes);
    case "mamba2":
      return mamba((width, rng) => new Mamba2(width, { rng, headDim: 16, dState: 32 }), sizes);
    case "mamba3":
      return mamba((width, rng) => new Mamba3(width, { rng, headDim: 16, dState: 32 }), sizes);
    case "lstm":
    case "gru":
      return recurrent(kind, sizes);
    case "gpt":
      return gpt(sizes);
  }
}

const mamba = (mixer: NonNullable<MambaLmOptions["mixer"]>, { rng, vocabSize, width = 96 }: Sizes) =>
  new MambaLm({ rng, vocabSize, dModel: width, nLayer: 3, mixer }) as CharacterModel;

const recurrent = (kind: "lstm" | "gru", { rng, vocabSize, width = 256 }: Sizes) =>
  new RecurrentLm({
    rng,
    vocabSize,
    layer: { lstm: LSTM, gru: GRU }[kind],
    embeddingDim: width / 2,
    hiddenSize: width,
    numLayers: 2,
  }) as CharacterModel;

const gpt = ({ rng, vocabSize, window, width = 128 }: Sizes) =>
  new Gpt({
    rng,
    vocabSize,
    blockSize: window,
    nEmbd: width,
    nLayer: 4,
    nHead: 4,
    bias: false,
  }) as CharacterModel;
