// Models of every family, small, with inputs for any batch and two sizes.
import { BayesianLinear } from "@pellucid/bayesian";
import {
  BasicBlock,
  DigitsCnn,
  MobileNetV2,
  MobileNetV3,
  ResNet,
  SqueezeNet,
  TemporalConvNet,
} from "@pellucid/cnn";
import {
  AvgPool2d,
  BackboneWithFPN,
  BatchNorm1d,
  BatchNorm2d,
  Conv1d,
  Conv2d,
  ConvTranspose2d,
  GELU,
  GroupNorm,
  GRU,
  InstanceNorm2d,
  LayerNorm,
  Linear,
  LSTM,
  MaxPool2d,
  type Module,
  PixelShuffle,
  PReLU,
  ReLU,
  RMSNorm,
  RNN,
  Rng,
  Sequential,
  SiLU,
  TransformerEncoderLayer,
  Upsample,
} from "@pellucid/core-train";
import { ConvBackbone, RetinaNetHead, RPNHead } from "@pellucid/detection";
import { GCNConv } from "@pellucid/gnn";
import {
  Autoencoder,
  DcganDiscriminator,
  DcganGenerator,
  DiT,
  MlpGenerator,
  PatchDiscriminator,
  PixelCnn,
  Unet,
} from "@pellucid/generative";
import { EfficientKAN, KAN, RBFNetwork } from "@pellucid/kan";
import { Mamba, Mamba2 } from "@pellucid/mamba";
import { SiameseNetwork } from "@pellucid/metric-learning";
import { RecurrentLm } from "@pellucid/rnn";
import { AttentionUNet, Segformer, UNet, UNetPlusPlus } from "@pellucid/segmentation";
import { Leaky } from "@pellucid/spiking";
import { BertForMaskedLm, Gpt, Llama, VisionTransformer } from "@pellucid/transformer";
import { type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";

/** A model that takes any structure. */
export type AnyModel = Module & { forward(...inputs: never[]): unknown };

/** One model of the table. */
export interface Row {
  readonly name: string;
  readonly make: (rng: Rng) => AnyModel;
  /** The arguments of `forward` for a batch, at the first or the second size. */
  readonly args: (batch: number, second: boolean) => readonly unknown[];
  /** The axes that must be free. */
  readonly free: readonly string[];
  /** The inputs that are constants. */
  readonly fixed?: readonly string[];
}

/** Numbers between −1 and 1. */
export function waves(...shape: number[]): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(1 + 1.7 * i)),
    shape,
  );
}

/** Tokens from 0 to 4. */
function tokens(...shape: number[]): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Int32Array.from({ length: size }, (_, i) => (i * 7 + Math.floor(i / 3)) % 5),
    shape,
    "int32",
  );
}

type Maker = (rng: Rng) => AnyModel;

const rowsOf = (features: number) => (batch: number) => [waves(batch, features)];

/** A model of feature vectors. */
const vectors = (name: string, features: number, make: Maker): Row => ({
  name,
  make,
  args: rowsOf(features),
  free: ["batch"],
});

/** A model of images of a fixed size. */
const fixedImages = (name: string, size: number, channels: number, make: Maker): Row => ({
  name,
  make,
  args: (batch) => [waves(batch, size, size, channels)],
  free: ["batch"],
});

/** A model of images of any size. */
const images = (name: string, size: number, channels: number, make: Maker): Row => ({
  name,
  make,
  args: (batch, second) => [waves(batch, second ? 2 * size : size, second ? 3 * size : size, channels)],
  free: ["batch", "height", "width"],
});

/** A model of sequences of any length. */
const sequences = (name: string, features: number, make: Maker): Row => ({
  name,
  make,
  args: (batch, second) => [waves(batch, second ? 7 : 4, features)],
  free: ["batch", "time"],
});

/** A language model. */
const texts = (name: string, make: Maker): Row => ({
  name,
  make,
  args: (batch, second) => [tokens(batch, second ? 5 : 8)],
  free: ["batch", "time"],
});

const small = { numClasses: 3, inChannels: 1 };
const vit = { imageSize: 8, patchSize: 4, numLayers: 1, numHeads: 2, hiddenDim: 4, mlpDim: 6, ...small };
const llama = {
  vocabSize: 5,
  hiddenSize: 8,
  intermediateSize: 6,
  numHiddenLayers: 2,
  numAttentionHeads: 4,
  numKeyValueHeads: 2,
  maxPositionEmbeddings: 16,
};
const bert = {
  vocabSize: 5,
  hiddenSize: 4,
  numHiddenLayers: 1,
  numAttentionHeads: 2,
  intermediateSize: 6,
  maxPositionEmbeddings: 16,
};
const segformer = {
  numChannels: 1,
  depths: [1, 1],
  hiddenSizes: [4, 8],
  numAttentionHeads: [1, 2],
  srRatios: [2, 1],
  patchSizes: [3, 3],
  strides: [2, 2],
  mlpRatios: [2, 2],
  decoderHiddenSize: 4,
};
const dit = {
  inputSize: 4,
  patchSize: 2,
  inChannels: 1,
  hiddenSize: 8,
  depth: 1,
  numHeads: 2,
  numClasses: 3,
};

/** All models of the table. */
export const models: readonly Row[] = [
  // layers of the core
  vectors(
    "mlp",
    6,
    (rng) => new Sequential(new Linear(6, 8, { rng }), new ReLU(), new Linear(8, 3, { rng })),
  ),
  vectors(
    "norms of vectors",
    6,
    (rng) =>
      new Sequential(
        new BatchNorm1d(6),
        new Linear(6, 8, { rng }),
        new LayerNorm(8),
        new GELU(),
        new RMSNorm(8),
      ),
  ),
  images(
    "convolutions and pools",
    8,
    2,
    (rng) =>
      new Sequential(
        new Conv2d(2, 4, 3, { rng, padding: 1, groups: 2 }),
        new PReLU(4),
        new MaxPool2d(3, { stride: 2, padding: 1 }),
        new Conv2d(4, 4, 3, { rng, padding: 2, dilation: 2 }),
        new AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false, ceilMode: true }),
      ),
  ),
  images(
    "norms and resampling of images",
    8,
    4,
    (rng) =>
      new Sequential(
        new GroupNorm(2, 4),
        new SiLU(),
        new Upsample({ scaleFactor: 2, mode: "bilinear" }),
        new InstanceNorm2d(4),
        new ConvTranspose2d(4, 4, 3, { rng, stride: 2, padding: 1, outputPadding: 1 }),
        new BatchNorm2d(4),
        new PixelShuffle(2),
        new Upsample({ scaleFactor: 2, mode: "nearest" }),
      ),
  ),
  sequences(
    "convolutions of sequences",
    3,
    (rng) =>
      new Sequential(new Conv1d(3, 4, 3, { rng, padding: 1 }), new ReLU(), new Conv1d(4, 2, 2, { rng })),
  ),
  // convolutional networks
  fixedImages("digits", 8, 1, (rng) => new DigitsCnn({ rng })),
  images("resnet", 32, 1, (rng) => new ResNet(BasicBlock, [1, 1, 1, 1], { rng, ...small })),
  images("mobilenet 2", 32, 1, (rng) => new MobileNetV2({ rng, ...small, widthMult: 0.25 })),
  images("mobilenet 3", 32, 1, (rng) => new MobileNetV3("small", { rng, ...small, widthMult: 0.25 })),
  images("squeezenet", 32, 1, (rng) => new SqueezeNet("1.1", { rng, ...small })),
  sequences("temporal convolutions", 2, (rng) => new TemporalConvNet(2, [3, 4], { rng, kernelSize: 2 })),
  // recurrent networks
  sequences("rnn", 3, (rng) => new RNN(3, 4, { rng })),
  sequences("lstm", 3, (rng) => new LSTM(3, 4, { rng, numLayers: 2, bidirectional: true })),
  sequences("gru", 3, (rng) => new GRU(3, 4, { rng, numLayers: 2, bidirectional: true })),
  texts(
    "recurrent language model",
    (rng) => new RecurrentLm({ rng, vocabSize: 5, embeddingDim: 3, hiddenSize: 4 }),
  ),
  // transformers
  sequences("encoder layer", 8, (rng) => new TransformerEncoderLayer(8, 2, { rng, dimFeedforward: 16 })),
  texts("gpt", (rng) => new Gpt({ rng, vocabSize: 5, blockSize: 8, nLayer: 1, nHead: 2, nEmbd: 4 })),
  texts("llama", (rng) => new Llama({ rng, ...llama })),
  texts("bert", (rng) => new BertForMaskedLm({ rng, ...bert })),
  fixedImages("vit", 8, 1, (rng) => new VisionTransformer({ rng, ...vit })),
  // mamba
  sequences("mamba", 4, (rng) => new Mamba(4, { rng, dState: 3, dConv: 2 })),
  // segmentation
  images("u-net", 16, 1, (rng) => new UNet(1, 2, { rng, channels: 2, depth: 2 })),
  images("u-net++", 16, 1, (rng) => new UNetPlusPlus(1, 2, { rng, channels: 2, depth: 2 })),
  images("attention u-net", 16, 1, (rng) => new AttentionUNet(1, 2, { rng, channels: 2, depth: 2 })),
  images("segformer", 16, 1, (rng) => new Segformer(2, { rng, ...segformer })),
  // detection
  images("rpn head", 8, 4, (rng) => new RPNHead(4, 3, { rng })),
  // generative models
  vectors("autoencoder", 4, (rng) => new Autoencoder([4, 3, 2], { rng })),
  vectors("mlp generator", 2, (rng) => new MlpGenerator([2, 3, 4], { rng })),
  images(
    "patch discriminator",
    32,
    1,
    (rng) => new PatchDiscriminator({ rng, imageChannels: 1, channels: 2, layers: 1 }),
  ),
  images(
    "pixel cnn",
    6,
    1,
    (rng) => new PixelCnn({ rng, levels: 3, channels: 1, hiddenChannels: 4, depth: 1 }),
  ),
  {
    name: "dit",
    make: (rng) => new DiT({ rng, ...dit }),
    args: (batch) => [{ x: waves(batch, 4, 4, 1), time: waves(batch), classes: zeros([batch], "int32") }],
    free: ["batch"],
  },
  // kan, bayesian means, metric learning
  vectors("kan", 2, (rng) => new KAN([2, 3, 1], { rng, k: 2, grid: 3 })),
  vectors("efficient kan", 2, (rng) => new EfficientKAN([2, 3], { rng, gridSize: 4 })),
  vectors("rbf network", 2, (rng) => new RBFNetwork(2, 5, 3, { rng })),
  vectors("bayesian mean", 3, (rng) => new BayesianLinear(3, 2, { rng })),
  {
    name: "siamese network",
    make: (rng) =>
      new SiameseNetwork(new Sequential(new Linear(4, 8, { rng }), new ReLU(), new Linear(8, 2, { rng }))),
    args: (batch) => [{ first: waves(batch, 4), second: waves(batch, 4) }],
    free: ["batch"],
  },
  // detection: a backbone with its pyramid, and heads on its maps
  images(
    "feature pyramid",
    32,
    1,
    (rng) => new BackboneWithFPN(new ConvBackbone(1, [2, 3, 4], { rng, outputs: 2 }), 4, { rng }),
  ),
  {
    name: "retinanet head",
    make: (rng) => new RetinaNetHead(4, 3, 2, { rng }),
    args: (batch) => [{ a: waves(batch, 8, 8, 4), b: waves(batch, 4, 4, 4) }],
    free: ["batch"],
  },
  // more generative models
  vectors(
    "dcgan generator",
    3,
    (rng) => new DcganGenerator({ rng, imageSize: 8, imageChannels: 1, channels: 2, latentFeatures: 3 }),
  ),
  fixedImages(
    "dcgan discriminator",
    8,
    1,
    (rng) => new DcganDiscriminator({ rng, imageSize: 8, imageChannels: 1, channels: 2 }),
  ),
  {
    name: "diffusion u-net",
    make: (rng) => new Unet(4, { rng, dimMults: [1, 2], channels: 1 }),
    args: (batch) => [{ x: waves(batch, 8, 8, 1), time: waves(batch) }],
    free: ["batch"],
  },
  // spiking neurons over a fixed number of time steps
  {
    name: "leaky neurons",
    make: () => new Leaky(3, { threshold: 0.5, beta: 0.9 }),
    args: (batch) => [waves(batch, 4, 3)],
    free: ["batch"],
  },
  // a graph network on one graph
  {
    name: "graph convolution",
    make: (rng) => new GCNConv(3, 4, { rng }),
    args: () => [{ x: waves(4, 3), edgeIndex: tensor([0, 1, 2, 3, 1, 2, 3, 0], [2, 4], "int32") }],
    free: [],
    fixed: ["edgeIndex"],
  },
  // longer recurrences and networks
  {
    name: "mamba 2",
    make: (rng) => new Mamba2(8, { rng, dState: 4, headDim: 4, chunkSize: 4 }),
    args: (batch) => [waves(batch, 8, 8)],
    free: ["batch"],
  },
];
