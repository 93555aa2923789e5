import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  GELU,
  init,
  initialize,
  type Initializer,
  type Layer,
  LayerNorm,
  Linear,
  mergeHeads,
  Module,
  OptionError,
  type Rng,
  scaledDotProductAttention,
  Sequential,
  SiLU,
  stateBuffer,
  type Buffer,
  headSize,
} from "@pellucid/core-train";
import {
  add,
  expandDims,
  mul,
  type Rank,
  reshape,
  split,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { ClassEmbedding } from "../unet/class-embedding.ts";
import { TimeSinusoids } from "../unet/time-sinusoids.ts";
import { gridPositions } from "./grid-positions.ts";

/** Options for {@link DiT}. */
export interface DiTOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Height and width of the image. Default: 32. */
  readonly inputSize?: number;
  /** Height and width of a patch. Default: 2. */
  readonly patchSize?: number;
  /** Channels of the image. Default: 4. */
  readonly inChannels?: number;
  /** Features of a patch, a multiple of 4. Default: 1152. */
  readonly hiddenSize?: number;
  /** The number of blocks. Default: 28. */
  readonly depth?: number;
  /** Default: 16. */
  readonly numHeads?: number;
  /** Hidden features of a block's MLP, as a multiple of its features. Default: 4. */
  readonly mlpRatio?: number;
  /** Default: 1000. */
  readonly numClasses?: number;
  /** Whether the output has a second half of channels for the variance. Default: true. */
  readonly learnSigma?: boolean;
}

/** What a {@link DiT} reads. */
export interface DiTInput {
  /** `[batch, inputSize, inputSize, inChannels]` */
  readonly x: Tensor4D;
  /** `[batch]` */
  readonly time: Tensor1D;
  /** `[batch]`, −1 for none. Default: none. */
  readonly classes?: Tensor1D;
}

/**
 * A diffusion transformer: patches attend to each other, and the time and the class scale, shift and gate every block, which are the identity at first.
 * Names, layouts and initial weights of a seed are those of `facebookresearch/DiT`.
 *
 * Peebles and Xie, 2022. https://arxiv.org/abs/2212.09748
 */
export class DiT extends Module implements Layer<DiTInput, Tensor4D> {
  readonly inputSize: number;
  readonly patchSize: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** `[1, patch, feature]` */
  readonly posEmbed: Buffer<Rank.R3>;
  readonly xEmbedder: PatchEmbedder;
  readonly tEmbedder: TimeEmbedder;
  readonly yEmbedder: ClassEmbedding;
  readonly blocks: readonly DiTBlock[];
  readonly finalLayer: FinalLayer;

  constructor(options: DiTOptions) {
    super();
    checkDiT(options);
    const { rng, inputSize = 32, patchSize = 2, inChannels = 4, hiddenSize = 1152, depth = 28 } = options;
    const { numHeads = 16, mlpRatio = 4, numClasses = 1000, learnSigma = true } = options;
    this.inputSize = inputSize;
    this.patchSize = patchSize;
    this.inChannels = inChannels;
    this.outChannels = inChannels * (learnSigma ? 2 : 1);
    this.posEmbed = stateBuffer(gridPositions(hiddenSize, inputSize / patchSize)) as Buffer<Rank.R3>;
    this.xEmbedder = new PatchEmbedder(inChannels, hiddenSize, patchSize, rng);
    this.tEmbedder = new TimeEmbedder(hiddenSize, rng);
    this.yEmbedder = new ClassEmbedding(numClasses, hiddenSize, { rng });
    this.blocks = Array.from({ length: depth }, () => new DiTBlock(hiddenSize, numHeads, mlpRatio, rng));
    this.finalLayer = new FinalLayer(hiddenSize, patchSize ** 2 * this.outChannels, rng);
    this.#initialize(rng);
  }

  /** @returns `[batch, inputSize, inputSize, outChannels]` */
  forward({ x, time, classes }: DiTInput): Tensor4D {
    const { inputSize, inChannels } = this;
    checkShape("DiT", "x", x, ["batch", inputSize, inputSize, inChannels]);
    const batch = x.shape[0];
    checkShape("DiT", "time", time, [batch]);
    return tidy(() => {
      const ids = classes ?? (add(zeros([batch], "int32"), -1) as Tensor1D);
      const condition = add<Tensor2D>(this.tEmbedder.forward(time), this.yEmbedder.forward(ids)); // [batch, feature]
      const patches = add<Tensor3D>(this.xEmbedder.forward(x), this.posEmbed); // [batch, patch, feature]
      const through = this.blocks.reduce((h, block) => block.forward(h, condition), patches);
      return this.#toImage(this.finalLayer.forward(through, condition));
    });
  }

  /** `[batch, patch, patchSize² · channel]` -> `[batch, size, size, channel]` */
  #toImage(x: Tensor3D): Tensor4D {
    const { inputSize, patchSize: p, outChannels } = this;
    const grid = inputSize / p;
    const apart = reshape(x, [x.shape[0], grid, grid, p, p, outChannels]);
    return reshape(transpose(apart, [0, 1, 3, 2, 4, 5]), [x.shape[0], inputSize, inputSize, outChannels]);
  }

  /** As in the reference, after the layers' own draws: Xavier for all linear layers, then the embeddings, and zeros where a block ends. */
  #initialize(rng: Rng): void {
    const zero = init.zeros();
    for (const [, layer] of this.namedModules()) {
      if (!(layer instanceof Linear)) continue;
      initialize(layer, "weight", init.xavierUniform(), rng);
      initialize(layer, "bias", zero, rng);
    }
    const { proj } = this.xEmbedder;
    const flat: Initializer = ([out = 1, ...rest], generator) => {
      const size = rest.reduce((product, n) => product * n, 1);
      return { ...init.xavierUniform()([out, size], generator), shape: [out, ...rest] };
    };
    initialize(proj, "weight", flat, rng);
    initialize(proj, "bias", zero, rng);
    initialize(this.yEmbedder.embeddingTable, "weight", init.normal(0, 0.02), rng);
    const [first, , second] = this.tEmbedder.mlp.layers as readonly [Linear, unknown, Linear];
    for (const layer of [first, second]) initialize(layer, "weight", init.normal(0, 0.02), rng);
    const last = (modulation: Modulation) => modulation.layers[1] as Linear;
    const { finalLayer } = this;
    const silent = [...this.blocks, finalLayer].map((block) => last(block.adaLNModulation));
    for (const layer of [...silent, finalLayer.linear]) {
      initialize(layer, "weight", zero, rng);
      initialize(layer, "bias", zero, rng);
    }
  }
}

type Modulation = Sequential<readonly [SiLU, Linear]>;

/** `[batch, size, size, channel]` -> `[batch, patch, feature]` */
class PatchEmbedder extends Module {
  readonly proj: Conv2d;

  constructor(inChannels: number, features: number, patchSize: number, rng: Rng) {
    super();
    this.proj = new Conv2d(inChannels, features, patchSize, { rng, stride: patchSize });
  }

  forward(x: Tensor4D): Tensor3D {
    return tidy(() => {
      const grid = this.proj.forward(x); // [batch, row, column, feature]
      return reshape(grid, [grid.shape[0], grid.shape[1] * grid.shape[2], grid.shape[3]]);
    });
  }
}

/** The time's sinusoids through an MLP. */
class TimeEmbedder extends Module {
  readonly mlp: Sequential<readonly [Linear, SiLU, Linear]>;
  readonly #waves = new TimeSinusoids(256, { layout: "openai" });

  constructor(features: number, rng: Rng) {
    super();
    this.mlp = new Sequential(
      new Linear(256, features, { rng }),
      new SiLU(),
      new Linear(features, features, { rng }),
    );
  }

  forward(time: Tensor1D): Tensor2D {
    return tidy(() => this.mlp.forward(this.#waves.forward(time)) as Tensor2D);
  }
}

/** A transformer block whose norms are scaled and shifted, and whose residual branches are gated, by the condition. */
class DiTBlock extends Module {
  readonly norm1: LayerNorm;
  readonly attn: PatchAttention;
  readonly norm2: LayerNorm;
  readonly mlp: PatchMlp;
  readonly adaLNModulation: Modulation;

  constructor(features: number, heads: number, mlpRatio: number, rng: Rng) {
    super();
    this.norm1 = new LayerNorm(features, { eps: 1e-6, elementwiseAffine: false });
    this.attn = new PatchAttention(features, heads, rng);
    this.norm2 = new LayerNorm(features, { eps: 1e-6, elementwiseAffine: false });
    this.mlp = new PatchMlp(features, Math.floor(features * mlpRatio), rng);
    this.adaLNModulation = new Sequential(new SiLU(), new Linear(features, 6 * features, { rng }));
  }

  get torchLayout() {
    return { adaLNModulation: { name: "adaLN_modulation" } };
  }

  forward(x: Tensor3D, condition: Tensor2D): Tensor3D {
    return tidy(() => {
      const parts = split(
        expandDims(this.adaLNModulation.forward(condition) as Tensor2D, 1),
        6,
        2,
      ) as Tensor3D[];
      const [shift1, scale1, gate1, shift2, scale2, gate2] = parts as [
        Tensor3D,
        Tensor3D,
        Tensor3D,
        Tensor3D,
        Tensor3D,
        Tensor3D,
      ];
      const first = this.attn.forward(modulated(this.norm1.forward(x), shift1, scale1));
      const h = add<Tensor3D>(x, mul(gate1, first));
      return add<Tensor3D>(h, mul(gate2, this.mlp.forward(modulated(this.norm2.forward(h), shift2, scale2))));
    });
  }
}

/** The attention of timm: queries, keys and values from one projection. */
class PatchAttention extends Module {
  readonly heads: number;
  readonly qkv: Linear;
  readonly proj: Linear;

  constructor(features: number, heads: number, rng: Rng) {
    super();
    this.heads = heads;
    this.qkv = new Linear(features, 3 * features, { rng });
    this.proj = new Linear(features, features, { rng });
  }

  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const [batch, patches, features] = x.shape;
      const each = features / this.heads;
      const apart = reshape(this.qkv.forward(x), [batch, patches, 3, this.heads, each]);
      const [q, k, v] = split(transpose(apart, [2, 0, 3, 1, 4]), 3, 0).map((y) =>
        reshape<Rank.R4>(y, [batch, this.heads, patches, each]),
      ) as [Tensor4D, Tensor4D, Tensor4D];
      return this.proj.forward(mergeHeads(scaledDotProductAttention(q, k, v)));
    });
  }
}

class PatchMlp extends Module {
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly #gelu = new GELU({ approximate: "tanh" });

  constructor(features: number, hidden: number, rng: Rng) {
    super();
    this.fc1 = new Linear(features, hidden, { rng });
    this.fc2 = new Linear(hidden, features, { rng });
  }

  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.fc2.forward(this.#gelu.forward(this.fc1.forward(x))));
  }
}

/** From features to the pixels of a patch. */
class FinalLayer extends Module {
  readonly normFinal: LayerNorm;
  readonly linear: Linear;
  readonly adaLNModulation: Modulation;

  constructor(features: number, out: number, rng: Rng) {
    super();
    this.normFinal = new LayerNorm(features, { eps: 1e-6, elementwiseAffine: false });
    this.linear = new Linear(features, out, { rng });
    this.adaLNModulation = new Sequential(new SiLU(), new Linear(features, 2 * features, { rng }));
  }

  get torchLayout() {
    return { adaLNModulation: { name: "adaLN_modulation" } };
  }

  forward(x: Tensor3D, condition: Tensor2D): Tensor3D {
    return tidy(() => {
      const both = expandDims(this.adaLNModulation.forward(condition) as Tensor2D, 1);
      const [shift, scale] = split(both, 2, 2) as [Tensor3D, Tensor3D];
      return this.linear.forward(modulated(this.normFinal.forward(x), shift, scale));
    });
  }
}

function modulated(x: Tensor3D, shift: Tensor3D, scale: Tensor3D): Tensor3D {
  return add(mul(x, add(scale, 1)), shift);
}

function checkDiT(options: DiTOptions): void {
  checkRng("DiT", options);
  checkOptions("DiT", options, [
    "rng",
    "inputSize",
    "patchSize",
    "inChannels",
    "hiddenSize",
    "depth",
    "numHeads",
    "mlpRatio",
    "numClasses",
    "learnSigma",
  ]);
  const { inputSize = 32, patchSize = 2, inChannels = 4, hiddenSize = 1152, depth = 28 } = options;
  const { numHeads = 16, numClasses = 1000, mlpRatio = 4 } = options;
  checkSizes("DiT", { inputSize, patchSize, inChannels, hiddenSize, depth, numHeads, numClasses });
  if (!(mlpRatio > 0 && Math.floor(hiddenSize * mlpRatio) >= 1 && mlpRatio < Infinity))
    throw new OptionError("DiT", "mlpRatio", mlpRatio, "a number above 0");
  if (inputSize % patchSize !== 0)
    throw new OptionError("DiT", "patchSize", patchSize, `a divisor of inputSize (${inputSize})`);
  if (hiddenSize % 4 !== 0) throw new OptionError("DiT", "hiddenSize", hiddenSize, "a multiple of 4");
  headSize("DiT", hiddenSize, numHeads);
}
