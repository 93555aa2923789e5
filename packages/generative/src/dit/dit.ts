import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialize,
  type Initializer,
  type Layer,
  Linear,
  Module,
  OptionError,
  type Rng,
  stateBuffer,
  type Buffer,
  headSize,
} from "@pellucid/core-train";
import {
  add,
  type Rank,
  reshape,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { ClassEmbedding } from "../unet/class-embedding.ts";
import { DiTBlock } from "./dit-block.ts";
import { FinalLayer } from "./final-layer.ts";
import { gridPositions } from "./grid-positions.ts";
import type { Modulation } from "./modulated.ts";
import { PatchEmbedder } from "./patch-embedder.ts";
import { TimeEmbedder } from "./time-embedder.ts";

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
