import {
  checkShape,
  Embedding,
  initialized,
  type LanguageModel,
  type LanguageModelStepOptions,
  lastTimeStep,
  type Layer,
  type Linear,
  matMul,
  Module,
  OptionError,
  type Parameter,
  RMSNorm,
  type Rng,
  type Step,
  stepThrough,
  type HasTorchLayout,
  type TorchLayout,
  init,
  checkArguments,
  checkChoice,
  checkNotNegative,
  checkSizes,
  checkRng,
} from "@pellucid/core-train";
import { div, type Rank, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { Mamba } from "./mamba.ts";
import { MambaBlock } from "./mamba-block.ts";
import { mambaOptionsOf } from "./mamba-config.ts";
import type { Mixer, MixerState } from "./mixer.ts";

/** A mixer of a {@link MambaLm}: {@link Mamba}, {@link Mamba2}, {@link Mamba3}, or a custom one. A projection at its end starts the smaller, the more blocks there are. */
export type MambaLmMixer = Module & Mixer & { readonly outProj?: Linear };

/** Options for {@link MambaLm}. */
export interface MambaLmOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The size of the vocabulary. */
  readonly vocabSize: number;
  /** Features of a token. */
  readonly dModel: number;
  /** The number of blocks. */
  readonly nLayer: number;
  /**
   * Makes the mixer of a block: `(dModel, rng) => new Mamba2(dModel, { rng, headDim: 32 })`. `depth` is 0 for the first block and 1 for the last, as {@link SLstm} takes it.
   * Default: {@link Mamba}.
   */
  readonly mixer?: (dModel: number, rng: Rng, depth: number) => MambaLmMixer;
  /** Whether the head uses the weight of the embedding. Default: true. */
  readonly tieEmbeddings?: boolean;
  /** The rows of the embedding are rounded up to a multiple of this; those above `vocabSize` belong to no token. Default: 8. */
  readonly padVocabSizeMultiple?: number;
  /** Added to the mean square by the norms. Default: 1e-5. */
  readonly normEps?: number;
  /** Whose name files have for the embedding; either is read. `"transformers"`: `backbone.embeddings`. Default: `"mamba_ssm"`. */
  readonly names?: "mamba_ssm" | "transformers";
}

/**
 * A language model of Mamba, Mamba-2 or Mamba-3 blocks, with the names of `mamba_ssm.MambaLMHeadModel`: `backbone.embedding.weight`,
 * `backbone.layers.0.mixer.in_proj.weight`, …, `lm_head.weight`. The initial weights have the same distribution as there: embeddings
 * `N(0, 0.02²)`, and the last projection of each block divided by `√nLayer`.
 *
 * Gu and Dao, 2023. https://arxiv.org/abs/2312.00752
 */
export class MambaLm extends Module implements Layer<Tensor2D, Tensor3D>, LanguageModel<MixerState[]> {
  /**
   * The model that a `config.json` of Mamba or Mamba-2 describes, of Hugging Face's transformers or of `mamba_ssm`.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: { readonly rng: Rng }): MambaLm {
    return new MambaLm({ ...mambaOptionsOf(config), rng });
  }

  readonly vocabSize: number;
  readonly backbone: Backbone;
  readonly lmHead: Head;

  constructor(options: MambaLmOptions) {
    super();
    checkRng("MambaLm", options);
    const { rng, vocabSize, dModel, tieEmbeddings = true, padVocabSizeMultiple = 8 } = options;
    const { normEps = 1e-5, names = "mamba_ssm" } = options;
    checkSizes("MambaLm", { vocabSize, dModel, nLayer: options.nLayer, padVocabSizeMultiple });
    checkNotNegative("MambaLm", { normEps });
    checkChoice("MambaLm", "names", names, ["mamba_ssm", "transformers"]);
    checkMixer(options.mixer);
    const rows = Math.ceil(vocabSize / padVocabSizeMultiple) * padVocabSizeMultiple;
    this.vocabSize = vocabSize;
    this.backbone = new Backbone(rows, options);
    const { weight } = this.backbone.embedding;
    this.lmHead = new Head(
      tieEmbeddings ? weight : initialized<Rank.R2>([rows, dModel], init.normal(0, 0.02), rng),
    );
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   */
  forward(tokens: Tensor2D): Tensor3D {
    checkShape("MambaLm", "tokens", tokens, ["batch", "time"]);
    const { embedding, layers, normF } = this.backbone;
    return tidy(() => {
      const first: Tensor3D = embedding.forward(tokens); // [batch, time, dModel]
      return this.lmHead.forward(normF.forward(layers.reduce((x, layer) => layer.forward(x), first)));
    });
  }

  initialState(batch: number): MixerState[] {
    return this.backbone.layers.map((layer) => layer.initialState(batch));
  }

  /**
   * Processes the next tokens.
   *
   * @param tokens int32 `[batch, time]`
   * @param options.lastOnly whether to compute the logits after the last token only. Default: false.
   * @returns logits `[batch, time, token]`, or `[batch, 1, token]`
   */
  step(
    tokens: Tensor2D,
    state: MixerState[],
    { lastOnly = false }: LanguageModelStepOptions = {},
  ): Step<Tensor3D, MixerState[]> {
    checkShape("MambaLm", "tokens", tokens, ["batch", "time"]);
    const { embedding, layers, normF } = this.backbone;
    return tidy(() => {
      const after = stepThrough(layers, embedding.forward(tokens), state);
      const hidden = lastOnly ? lastTimeStep(after.output) : after.output;
      return { output: this.lmHead.forward(normF.forward(hidden)), state: after.state };
    });
  }
}

function checkMixer(mixer: MambaLmOptions["mixer"]): void {
  checkArguments("MambaLm", { "function?": { mixer } });
  const { name, prototype } = Object(mixer) as { readonly name?: string; readonly prototype?: unknown };
  if (!(prototype instanceof Module)) return;
  const expected = `a function that makes one: (dModel, rng) => new ${name}(dModel, { rng })`;
  throw new OptionError("MambaLm", "mixer", `the class ${name}`, expected);
}

/** The body of a {@link MambaLm}: from tokens to features. */
class Backbone extends Module implements HasTorchLayout {
  readonly #names: "mamba_ssm" | "transformers";
  readonly embedding: Embedding;
  readonly layers: readonly MambaBlock<MambaLmMixer>[];
  readonly normF: RMSNorm;

  constructor(rows: number, options: MambaLmOptions) {
    super();
    const { rng, dModel, nLayer, normEps = 1e-5, names = "mamba_ssm" } = options;
    this.#names = names;
    const { mixer: make = (size: number) => new Mamba(size, { rng }) } = options;
    this.embedding = new Embedding(rows, dModel, { rng, init: init.normal(0, 0.02) });
    this.layers = Array.from({ length: nLayer }, (_, i) => {
      const mixer = make(dModel, rng, i / Math.max(1, nLayer - 1));
      const weight = mixer.outProj?.weight;
      if (weight !== undefined) tidy(() => weight.assign(div(weight, Math.sqrt(nLayer)))); // so that the residual sum does not grow with depth
      return new MambaBlock(dModel, mixer, { eps: normEps });
    });
    this.normF = new RMSNorm(dModel, { eps: normEps });
  }

  get torchLayout(): TorchLayout {
    const [name, other] =
      this.#names === "transformers" ? ["embeddings", "embedding"] : ["embedding", "embeddings"];
    return { embedding: { name, aliases: [other] } };
  }
}

/** From features to logits. */
class Head extends Module {
  /** `[token, feature]`, as in PyTorch; that of the embedding if they are tied. */
  readonly weight: Parameter<Rank.R2>;

  constructor(weight: Parameter<Rank.R2>) {
    super();
    this.weight = weight;
  }

  forward(x: Tensor3D): Tensor3D {
    return matMul(x, this.weight, false, true);
  }
}
