import {
  checkShape,
  Embedding,
  type LanguageModel,
  type Layer,
  type LmAdvanced,
  matMul,
  Module,
  normal,
  type Parameter,
  parameter,
  RMSNorm,
  type Rng,
} from "@pellucid/core-train";
import { div, type Rank, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { Mamba, type MambaOptions } from "./mamba.ts";
import { MambaBlock } from "./mamba-block.ts";
import { Mamba2, type Mamba2Options } from "./mamba2.ts";
import { Mamba3, type Mamba3Options } from "./mamba3.ts";
import type { MixerState } from "./mixer.ts";

/** Options of a {@link MambaLm}. */
export interface MambaLmOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  /** How many tokens there are. */
  readonly vocabSize: number;
  /** Features of a token. */
  readonly dModel: number;
  /** How many blocks. */
  readonly nLayer: number;
  /** What mixes over time in each. Default: Mamba. */
  readonly mixer?:
    | ({ readonly kind: "mamba" } & Omit<MambaOptions, "rng">)
    | ({ readonly kind: "mamba2" } & Omit<Mamba2Options, "rng">)
    | ({ readonly kind: "mamba3" } & Omit<Mamba3Options, "rng">);
  /** Whether the logits are made by the embedding's own weights. Default: true. */
  readonly tieEmbeddings?: boolean;
  /** The embedding has a multiple of so many rows; those above `vocabSize` stand for nothing. Default: 8. */
  readonly padVocabSizeMultiple?: number;
  /** Added to the mean square of each norm. Default: 1e-5. */
  readonly eps?: number;
}

/**
 * A language model of Mamba, Mamba-2 or Mamba-3 blocks, with the names of `mamba_ssm.MambaLMHeadModel`: `backbone.embedding.weight`,
 * `backbone.layers.0.mixer.in_proj.weight`, …, `lm_head.weight`. The distribution of its first weights is the same too: embeddings
 * `N(0, 0.02²)`, and what each block adds is divided by `√nLayer`.
 *
 * Gu and Dao, 2023. https://arxiv.org/abs/2312.00752
 */
export class MambaLm extends Module implements Layer<Tensor2D, Tensor3D>, LanguageModel<MixerState[]> {
  readonly vocabSize: number;
  readonly backbone: Backbone;
  readonly lmHead: Head;

  constructor(options: MambaLmOptions) {
    super();
    const { rng, vocabSize, dModel, tieEmbeddings = true, padVocabSizeMultiple = 8 } = options;
    const rows = Math.ceil(vocabSize / padVocabSizeMultiple) * padVocabSizeMultiple;
    this.vocabSize = vocabSize;
    this.backbone = new Backbone(rows, options);
    const { weight } = this.backbone.embedding;
    const own = tieEmbeddings ? weight : parameter<Rank.R2>(normal(0, 0.02)([rows, dModel], rng));
    this.lmHead = new Head(own);
  }

  /** What is remembered before a text. */
  initialState(batch: number): MixerState[] {
    return this.backbone.layers.map((layer) => layer.initialState(batch));
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   */
  forward(tokens: Tensor2D): Tensor3D {
    checkShape("MambaLm", "tokens", tokens, ["batch", "time"]);
    return tidy(() => {
      let x: Tensor3D = this.backbone.embedding.forward(tokens); // [batch, time, dModel]
      for (const layer of this.backbone.layers) x = layer.forward(x);
      return this.lmHead.forward(this.backbone.normF.forward(x));
    });
  }

  /**
   * What comes of some more tokens, one or many, after those that left `before`; which stays the caller's.
   *
   * @param tokens int32 `[batch, time]`
   */
  advance(tokens: Tensor2D, before: MixerState[]): LmAdvanced<MixerState[]> {
    checkShape("MambaLm", "tokens", tokens, ["batch", "time"]);
    return tidy(() => {
      let x: Tensor3D = this.backbone.embedding.forward(tokens);
      const state = this.backbone.layers.map((layer, i) => {
        const after = layer.advance(x, before[i] as MixerState);
        x = after.y;
        return after.state;
      });
      return { logits: this.lmHead.forward(this.backbone.normF.forward(x)), state };
    });
  }
}

/** What is between tokens and logits. */
class Backbone extends Module {
  readonly embedding: Embedding;
  readonly layers: readonly MambaBlock<Mamba | Mamba2 | Mamba3>[];
  readonly normF: RMSNorm;

  constructor(rows: number, options: MambaLmOptions) {
    super();
    const { rng, dModel, nLayer, mixer = { kind: "mamba" }, eps = 1e-5 } = options;
    this.embedding = new Embedding(rows, dModel, { rng, init: normal(0, 0.02) });
    this.layers = Array.from({ length: nLayer }, () => {
      const made = mixerOf(dModel, mixer, rng);
      const { weight } = made.outProj;
      tidy(() => weight.assign(div(weight, Math.sqrt(nLayer)))); // so that what the blocks add up to does not grow with their number
      return new MambaBlock(dModel, made, { eps });
    });
    this.normF = new RMSNorm(dModel, { eps });
  }
}

function mixerOf(dModel: number, mixer: NonNullable<MambaLmOptions["mixer"]>, rng: Rng) {
  switch (mixer.kind) {
    case "mamba":
      return new Mamba(dModel, { ...mixer, rng });
    case "mamba2":
      return new Mamba2(dModel, { ...mixer, rng });
    case "mamba3":
      return new Mamba3(dModel, { ...mixer, rng });
  }
}

/** Logits by likeness to each token. */
class Head extends Module {
  /** `[token, feature]`, as PyTorch keeps it: the embedding's own where they are tied. */
  readonly weight: Parameter<Rank.R2>;

  constructor(weight: Parameter<Rank.R2>) {
    super();
    this.weight = weight;
  }

  forward(x: Tensor3D): Tensor3D {
    return matMul(x, this.weight, false, true) as Tensor3D;
  }
}
