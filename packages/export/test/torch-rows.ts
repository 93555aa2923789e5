// Models of all families that are written for PyTorch, with small inputs.
import { DigitsCnn, BasicBlock, ResNet, TemporalConvNet } from "@pellucid/cnn";
import { GRU, Linear, type Module, ReLU, type Rng, Sequential } from "@pellucid/core-train";
import { ConvBackbone, LandmarkNet } from "@pellucid/detection";
import { Autoencoder } from "@pellucid/generative";
import { PhysicsNet } from "@pellucid/gp";
import { KANLinear } from "@pellucid/kan";
import { MambaLm } from "@pellucid/mamba";
import { SiameseNetwork } from "@pellucid/metric-learning";
import { RecurrentLm } from "@pellucid/rnn";
import { QNetwork } from "@pellucid/rl";
import { UNet } from "@pellucid/segmentation";
import { Gpt, Llama, VisionTransformer } from "@pellucid/transformer";
import type { TrainRecipe } from "@pellucid/export";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";

/** A model and what its `forward` takes. */
export interface TorchRow {
  readonly make: (rng: Rng) => Module & { forward(...inputs: never[]): unknown };
  readonly inputs: (rng: Rng) => readonly unknown[];
  /** The examples to train with, and the loss; none for models of several outputs. */
  readonly train: ((rng: Rng) => Pick<TrainRecipe, "data" | "loss">) | null;
}

const real = (rng: Rng, ...shape: number[]): Tensor => tensor(rng.uniform(shape, -1, 1).data, shape);
const tokens = (rng: Rng): Tensor => tensor(rng.randint(0, 7, [2, 5]).data, [2, 5], "int32");
const vocabSize = 7;

/** Sixteen examples: numbers to numbers, or to classes of the last axis. */
const toNumbers =
  (input: readonly number[], target: readonly number[]) =>
  (rng: Rng): Pick<TrainRecipe, "data" | "loss"> => ({
    data: { input: rng.uniform([16, ...input], -1, 1), target: rng.uniform([16, ...target], -1, 1) },
    loss: "mseLoss",
  });
const toClasses =
  (input: readonly number[], target: readonly number[], classes: number) =>
  (rng: Rng): Pick<TrainRecipe, "data" | "loss"> => ({
    data: { input: rng.uniform([16, ...input], -1, 1), target: rng.randint(0, classes, [16, ...target]) },
    loss: "crossEntropy",
  });
const toTokens = (rng: Rng): Pick<TrainRecipe, "data" | "loss"> => ({
  data: { input: rng.randint(0, vocabSize, [16, 5]), target: rng.randint(0, vocabSize, [16, 5]) },
  loss: "crossEntropy",
});

/** By the name of the folder that each is written to. */
export const torchRows: Readonly<Record<string, TorchRow>> = {
  digits: {
    make: (rng) => new DigitsCnn({ rng }),
    inputs: (rng) => [real(rng, 2, 8, 8, 1)],
    train: toClasses([8, 8, 1], [], 10),
  },
  resnet: {
    make: (rng) => new ResNet(BasicBlock, [2, 1, 1, 1], { rng, numClasses: 5 }),
    inputs: (rng) => [real(rng, 2, 32, 32, 3)],
    train: toClasses([32, 32, 3], [], 5),
  },
  tcn: {
    make: (rng) => new TemporalConvNet(2, [4, 4, 4], { rng, dropout: 0.1 }),
    inputs: (rng) => [real(rng, 2, 8, 2)],
    train: toNumbers([8, 2], [8, 4]),
  },
  lstm: {
    make: (rng) => new RecurrentLm({ rng, vocabSize, embeddingDim: 6, hiddenSize: 8, numLayers: 2 }),
    inputs: (rng) => [tokens(rng)],
    train: toTokens,
  },
  gru: {
    make: (rng) => new RecurrentLm({ rng, vocabSize, embeddingDim: 6, hiddenSize: 8, layer: GRU }),
    inputs: (rng) => [tokens(rng)],
    train: toTokens,
  },
  gpt: {
    make: (rng) => new Gpt({ rng, vocabSize, blockSize: 8, nLayer: 2, nHead: 2, nEmbd: 8 }),
    inputs: (rng) => [tokens(rng)],
    train: toTokens,
  },
  llama: {
    make: (rng) =>
      new Llama({
        rng,
        vocabSize,
        hiddenSize: 16,
        intermediateSize: 12,
        maxPositionEmbeddings: 16,
        numHiddenLayers: 2,
        numAttentionHeads: 4,
        numKeyValueHeads: 2,
      }),
    inputs: (rng) => [tokens(rng)],
    train: toTokens,
  },
  vit: {
    make: (rng) =>
      new VisionTransformer({
        rng,
        imageSize: 8,
        patchSize: 4,
        numLayers: 2,
        numHeads: 2,
        hiddenDim: 8,
        mlpDim: 16,
        numClasses: 5,
      }),
    inputs: (rng) => [real(rng, 2, 8, 8, 3)],
    train: toClasses([8, 8, 3], [], 5),
  },
  mamba: {
    make: (rng) => new MambaLm({ rng, vocabSize, dModel: 8, nLayer: 2 }),
    inputs: (rng) => [tokens(rng)],
    train: toTokens,
  },
  unet: {
    make: (rng) => new UNet(1, 3, { rng, channels: 4, depth: 2 }),
    inputs: (rng) => [real(rng, 2, 8, 8, 1)],
    train: toClasses([8, 8, 1], [8, 8], 3),
  },
  landmarks: {
    make: (rng) => new LandmarkNet(new ConvBackbone(3, [4, 8], { rng }), 3, { rng }),
    inputs: (rng) => [real(rng, 2, 16, 16, 3)],
    train: toNumbers([16, 16, 3], [7]),
  },
  autoencoder: {
    make: (rng) => new Autoencoder([6, 4, 2], { rng }),
    inputs: (rng) => [real(rng, 3, 6)],
    train: toNumbers([6], [6]),
  },
  siamese: {
    make: (rng) =>
      new SiameseNetwork(new Sequential(new Linear(3, 8, { rng }), new ReLU(), new Linear(8, 2, { rng }))),
    inputs: (rng) => [{ first: real(rng, 4, 3), second: real(rng, 4, 3) }],
    train: null,
  },
  kan: {
    make: (rng) => new KANLinear(4, 3, { rng }),
    inputs: (rng) => [real(rng, 3, 4)],
    train: toNumbers([4], [3]),
  },
  physics: {
    make: (rng) => new PhysicsNet([2, 8, 1], { rng }),
    inputs: (rng) => [real(rng, 3, 2)],
    train: toNumbers([2], [1]),
  },
  values: {
    make: (rng) => new QNetwork(4, 2, { rng }),
    inputs: (rng) => [real(rng, 3, 4)],
    train: toNumbers([4], [2]),
  },
};
