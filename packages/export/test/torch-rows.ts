// Models of all families that are written for PyTorch, with small inputs.
import { BayesianLinear } from "@pellucid/bayesian";
import { BasicBlock, DigitsCnn, MobileNetV3, ResNet, TemporalConvNet } from "@pellucid/cnn";
import {
  BatchNorm1d,
  Dropout,
  GRU,
  Linear,
  LSTM,
  Module,
  MultiheadAttention,
  ReLU,
  relu,
  type Rng,
  Sequential,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
} from "@pellucid/core-train";
import { ConvBackbone, LandmarkNet, RetinaNetHead } from "@pellucid/detection";
import { Autoencoder, DcganDiscriminator, DiT, Unet, Vae } from "@pellucid/generative";
import { Gat, Gcn } from "@pellucid/gnn";
import { PhysicsNet } from "@pellucid/gp";
import { EfficientKAN, KANLinear, RBFNetwork } from "@pellucid/kan";
import { Mamba2, MambaLm } from "@pellucid/mamba";
import {
  pairLoss,
  type PairOf,
  SiameseNetwork,
  tripletLoss,
  TripletNetwork,
} from "@pellucid/metric-learning";
import { RecurrentLm } from "@pellucid/rnn";
import { QNetwork } from "@pellucid/rl";
import { Segformer, UNet } from "@pellucid/segmentation";
import { Leaky, SpikingSequential } from "@pellucid/spiking";
import { BertForMaskedLm, Gpt, Llama, VisionTransformer } from "@pellucid/transformer";
import type { TrainRecipe } from "@pellucid/export";
import {
  add,
  cast,
  exp,
  expandDims,
  matMul,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tidy,
  tile,
} from "@tensorflow/tfjs-core";

/** A model and what its `forward` takes. */
export interface TorchRow {
  readonly make: (rng: Rng) => Module & { forward(...inputs: never[]): unknown };
  readonly inputs: (rng: Rng) => readonly unknown[];
  /** Those that are the same in every run. */
  readonly fixed?: readonly string[];
  /** The examples to train with, and the loss; none for what draws its weights at random. */
  readonly train: ((rng: Rng) => Partial<TrainRecipe> & Pick<TrainRecipe, "data" | "loss">) | null;
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
/** By small steps: statistics of eight numbers, and Adam's of small gradients, make rounding grow from step to step. */
const steadily =
  (train: (rng: Rng) => Pick<TrainRecipe, "data" | "loss">): NonNullable<TorchRow["train"]> =>
  (rng) => ({ ...train(rng), optimizer: { name: "sgd", learningRate: 1e-4 } });
const toTokens = (rng: Rng): Pick<TrainRecipe, "data" | "loss"> => ({
  data: { input: rng.randint(0, vocabSize, [16, 5]), target: rng.randint(0, vocabSize, [16, 5]) },
  loss: "crossEntropy",
});

/** A variational autoencoder whose noise is an input, as source from a trace needs it. */
class NoisyVae extends Module {
  readonly vae: Vae;

  constructor(rng: Rng) {
    super();
    this.vae = new Vae(6, { rng, hiddenFeatures: 4, latentFeatures: 2 });
  }

  forward({ x, noise }: { readonly x: Tensor; readonly noise: Tensor }): VaeOutput {
    return tidy(() => {
      const { mean: center, logVariance } = this.vae.encode(x);
      const code = add(center, mul(exp(mul(logVariance, 0.5)), noise));
      return { logits: this.vae.decode(code), mean: center, logVariance };
    });
  }
}

/** Two Bayesian layers whose noise is an input: outputs by local reparameterization, with the divergence of the weights from their prior. */
class NoisyBayesian extends Module {
  readonly first: BayesianLinear;
  readonly second: BayesianLinear;

  constructor(rng: Rng) {
    super();
    this.first = new BayesianLinear(3, 6, { rng });
    this.second = new BayesianLinear(6, 2, { rng });
  }

  forward({ x, noise, last }: Readonly<Record<"x" | "noise" | "last", Tensor2D>>): ElboOutput {
    return tidy(() => {
      const drawn = (layer: BayesianLinear, from: Tensor2D, epsilon: Tensor2D): Tensor2D => {
        const { mean: center, variance } = layer.outputDistribution(from);
        return add(center, mul(sqrt(add(variance, 1e-16)), epsilon));
      };
      const hidden = relu(drawn(this.first, x, noise)); // [batch, 6]
      return { output: drawn(this.second, hidden, last), kl: add(this.first.kl(), this.second.kl()) };
    });
  }
}

/** An encoder that ignores padding, and a decoder that sees no later time steps. */
class MaskedTranslator extends Module {
  readonly encoder: TransformerEncoderLayer;
  readonly decoder: TransformerDecoderLayer;
  readonly pooling: MultiheadAttention;

  constructor(rng: Rng) {
    super();
    this.encoder = new TransformerEncoderLayer(8, 2, { rng, dimFeedforward: 16, dropout: 0 });
    this.decoder = new TransformerDecoderLayer(8, 2, { rng, dimFeedforward: 16, dropout: 0 });
    this.pooling = new MultiheadAttention(8, 2, { rng });
  }

  forward(input: {
    readonly source: Tensor3D;
    readonly padding: Tensor2D;
    readonly output: Tensor3D;
  }): Tensor {
    return tidy(() => {
      const blocked: Tensor2D = cast(input.padding, "bool");
      const memory = this.encoder.forward(input.source, { srcKeyPaddingMask: blocked });
      const decoded = this.decoder.forward(input.output, memory, {
        tgtIsCausal: true,
        memoryKeyPaddingMask: blocked,
      });
      const scores = mul(matMul(decoded, decoded, false, true), 0.1); // [batch, time, time]
      const mask = reshape(tile(expandDims(scores, 1), [1, 2, 1, 1]), [-1, 4, 4]);
      return this.pooling.forward(decoded, { attnMask: mask, isCausal: true });
    });
  }
}

const graph = (rng: Rng): readonly unknown[] => [
  { x: real(rng, 4, 3), edgeIndex: tensor([0, 1, 2, 3, 1, 2, 3, 0], [2, 4], "int32") },
];
const ofNodes = (rng: Rng): Partial<TrainRecipe> & Pick<TrainRecipe, "data" | "loss"> => ({
  data: {
    x: rng.uniform([4, 3], -1, 1),
    edgeIndex: { data: Int32Array.of(0, 1, 2, 3, 1, 2, 3, 0), shape: [2, 4] },
    target: rng.randint(0, 2, [4]),
  },
  loss: "crossEntropy",
  batchSize: "all",
});
const toNoise = (rng: Rng): Pick<TrainRecipe, "data" | "loss"> => ({
  data: {
    x: rng.uniform([16, 8, 8, 1], -1, 1),
    time: rng.uniform([16], 0, 100),
    target: rng.uniform([16, 8, 8, 1], -1, 1),
  },
  loss: "mseLoss",
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
    train: steadily(toClasses([32, 32, 3], [], 5)),
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
    // at a rate of 0.01 what two processes add in another order grows from 1e-7 to 1.6e-5 in 50 steps
    train: (rng) => ({
      ...toTokens(rng),
      optimizer: { name: "adamw", learningRate: 2e-3, weightDecay: 0.01 },
    }),
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
    train: (rng) => ({
      data: {
        first: rng.uniform([16, 3], -1, 1),
        second: rng.uniform([16, 3], -1, 1),
        target: rng.bernoulli(0.5, [16]),
      },
      loss: (output: PairOf<Tensor>, same: Tensor) => pairLoss(output, same, { margin: 2 }),
    }),
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
  mobilenet: {
    make: (rng) => new MobileNetV3("small", { rng, numClasses: 3, inChannels: 1, widthMult: 0.25 }),
    inputs: (rng) => [real(rng, 2, 32, 32, 1)],
    train: steadily(toClasses([32, 32, 1], [], 3)),
  },
  sequential: {
    make: (rng) =>
      new Sequential(
        new Linear(3, 8, { rng }),
        new BatchNorm1d(8),
        new ReLU(),
        new Dropout(0.2, { rng }),
        new Linear(8, 2, { rng }),
      ),
    inputs: (rng) => [real(rng, 4, 3)],
    train: toClasses([3], [], 2),
  },
  bilstm: {
    make: (rng) => new LSTM(3, 4, { rng, numLayers: 2, bidirectional: true }),
    inputs: (rng) => [real(rng, 2, 5, 3)],
    train: toNumbers([5, 3], [5, 8]),
  },
  bert: {
    make: (rng) =>
      new BertForMaskedLm({
        rng,
        vocabSize,
        hiddenSize: 8,
        numHiddenLayers: 1,
        numAttentionHeads: 2,
        intermediateSize: 6,
        maxPositionEmbeddings: 16,
        attentionProbsDropoutProb: 0,
      }),
    inputs: (rng) => [tokens(rng)],
    train: toTokens,
  },
  translator: {
    make: (rng) => new MaskedTranslator(rng),
    inputs: (rng) => [
      {
        source: real(rng, 2, 5, 8),
        padding: tensor([0, 0, 0, 1, 1, 0, 0, 0, 0, 0], [2, 5], "int32"),
        output: real(rng, 2, 4, 8),
      },
    ],
    train: (rng) => ({
      data: {
        source: rng.uniform([16, 5, 8], -1, 1),
        padding: {
          data: Int32Array.from({ length: 80 }, (_, i) => Number(i % 5 > 2 + (i % 3))),
          shape: [16, 5],
        },
        output: rng.uniform([16, 4, 8], -1, 1),
        target: rng.uniform([16, 4, 8], -1, 1),
      },
      loss: "mseLoss",
    }),
  },
  mamba2: {
    make: (rng) => new Mamba2(8, { rng, dState: 4, headDim: 4, chunkSize: 4 }),
    inputs: (rng) => [real(rng, 2, 8, 8)],
    train: toNumbers([8, 8], [8, 8]),
  },
  gcn: {
    make: (rng) => new Gcn(3, 4, 2, { rng, outChannels: 2 }),
    inputs: graph,
    fixed: ["edgeIndex"],
    train: ofNodes,
  },
  gat: {
    make: (rng) => new Gat(3, 4, 2, { rng, outChannels: 2, heads: 2 }),
    inputs: graph,
    fixed: ["edgeIndex"],
    train: ofNodes,
  },
  retinanet: {
    make: (rng) => new RetinaNetHead(4, 3, 2, { rng }),
    inputs: (rng) => [{ p3: real(rng, 2, 4, 4, 4), p4: real(rng, 2, 2, 2, 4) }],
    train: (rng) => ({
      data: {
        p3: rng.uniform([16, 4, 4, 4], -1, 1),
        p4: rng.uniform([16, 2, 2, 4], -1, 1),
        target: rng.uniform([16, 60, 4], -1, 1),
      },
      loss: ({ bboxRegression, clsLogits }: RetinaNetOutput, target: Tensor) =>
        tidy(() => add(mean(square(sub(bboxRegression, target))), mul(mean(square(clsLogits)), 0.1))),
    }),
  },
  segformer: {
    make: (rng) =>
      new Segformer(2, {
        rng,
        numChannels: 1,
        depths: [1, 1],
        hiddenSizes: [4, 8],
        numAttentionHeads: [1, 2],
        srRatios: [2, 1],
        patchSizes: [3, 3],
        strides: [2, 2],
        mlpRatios: [2, 2],
        decoderHiddenSize: 4,
        dropPathRate: 0,
      }),
    inputs: (rng) => [real(rng, 2, 16, 16, 1)],
    train: null,
  },
  vae: {
    make: (rng) => new NoisyVae(rng),
    inputs: (rng) => [{ x: real(rng, 2, 6), noise: real(rng, 2, 2) }],
    train: (rng) => ({
      data: {
        x: rng.uniform([16, 6], 0, 1),
        noise: rng.randn([16, 2]),
        target: rng.uniform([16, 6], 0, 1),
      },
      loss: ({ logits, mean: center, logVariance }: VaeOutput, target: Tensor) =>
        tidy(() => {
          const divergence = sum(sub(sub(add(exp(logVariance), square(center)), logVariance), 1), 1);
          return add(mean(square(sub(logits, target))), mul(mean(divergence), 0.05));
        }),
    }),
  },
  denoiser: {
    make: (rng) => new Unet(4, { rng, dimMults: [1, 2], channels: 1 }),
    inputs: (rng) => [{ x: real(rng, 2, 8, 8, 1), time: real(rng, 2) }],
    train: steadily(toNoise),
  },
  dit: {
    make: (rng) =>
      new DiT({
        rng,
        inputSize: 4,
        patchSize: 2,
        inChannels: 1,
        hiddenSize: 8,
        depth: 1,
        numHeads: 2,
        numClasses: 3,
      }),
    inputs: (rng) => [
      { x: real(rng, 2, 4, 4, 1), time: real(rng, 2), classes: tensor([0, 2], [2], "int32") },
    ],
    train: (rng) => ({
      data: {
        x: rng.uniform([16, 4, 4, 1], -1, 1),
        time: rng.uniform([16], 0, 100),
        classes: rng.randint(0, 3, [16]),
        target: rng.uniform([16, 4, 4, 2], -1, 1),
      },
      loss: "mseLoss",
    }),
  },
  discriminator: {
    make: (rng) => new DcganDiscriminator({ rng, imageSize: 8, imageChannels: 1, channels: 2 }),
    inputs: (rng) => [real(rng, 2, 8, 8, 1)],
    train: (rng) => ({
      data: { input: rng.uniform([16, 8, 8, 1], -1, 1), target: rng.bernoulli(0.5, [16]) },
      loss: "binaryCrossEntropyWithLogits",
    }),
  },
  triplet: {
    make: (rng) => new TripletNetwork(new Linear(3, 2, { rng })),
    inputs: (rng) => [{ anchor: real(rng, 4, 3), positive: real(rng, 4, 3), negative: real(rng, 4, 3) }],
    train: (rng) => ({
      data: {
        anchor: rng.uniform([16, 3], -1, 1),
        positive: rng.uniform([16, 3], -1, 1),
        negative: rng.uniform([16, 3], -1, 1),
        target: rng.uniform([16], 0, 1),
      },
      loss: (output: TripletOf, sums: Tensor) =>
        tidy(() => add(tripletLoss(output, { margin: 1 }), mean(square(sub(sum(output.anchor, 1), sums))))),
    }),
  },
  bayesian: {
    make: (rng) => new BayesianLinear(3, 2, { rng }),
    inputs: (rng) => [real(rng, 4, 3)],
    train: null,
  },
  elbo: {
    make: (rng) => new NoisyBayesian(rng),
    inputs: (rng) => [{ x: real(rng, 4, 3), noise: real(rng, 4, 6), last: real(rng, 4, 2) }],
    train: (rng) => ({
      data: {
        x: rng.uniform([16, 3], -1, 1),
        noise: rng.randn([16, 6]),
        last: rng.randn([16, 2]),
        target: rng.uniform([16, 2], -1, 1),
      },
      loss: ({ output, kl }: ElboOutput, target: Tensor) =>
        tidy(() => add(mean(square(sub(output, target))), mul(kl, 1 / 16))),
    }),
  },
  splines: {
    make: (rng) => new EfficientKAN([2, 3], { rng, gridSize: 4 }),
    inputs: (rng) => [real(rng, 4, 2)],
    train: toNumbers([2], [3]),
  },
  rbf: {
    make: (rng) => new RBFNetwork(2, 5, 3, { rng }),
    inputs: (rng) => [real(rng, 4, 2)],
    train: toNumbers([2], [3]),
  },
  spiking: {
    make: (rng) =>
      new SpikingSequential(
        new Linear(3, 6, { rng }),
        new Leaky(6, { beta: 0.9, threshold: 0.5 }),
        new Linear(6, 2, { rng }),
        new Leaky(2, { beta: 0.8, learnBeta: true, threshold: 0.5 }),
      ),
    inputs: (rng) => [real(rng, 2, 4, 3)],
    train: (rng) => ({
      data: { input: rng.uniform([16, 4, 3], -1, 2), target: rng.bernoulli(0.5, [16, 2]) },
      loss: (spikes: Tensor, rates: Tensor) => tidy(() => mean(square(sub(mean(spikes, 1), rates)))),
    }),
  },
};

/** What the heads of a detector return. */
interface RetinaNetOutput {
  readonly clsLogits: Tensor;
  readonly bboxRegression: Tensor;
}

interface VaeOutput {
  readonly logits: Tensor;
  readonly mean: Tensor;
  readonly logVariance: Tensor;
}

interface ElboOutput {
  readonly output: Tensor;
  readonly kl: Tensor;
}

interface TripletOf {
  readonly anchor: Tensor;
  readonly positive: Tensor;
  readonly negative: Tensor;
}
