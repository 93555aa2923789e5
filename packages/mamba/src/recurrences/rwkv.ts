import {
  checkNotNegative,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Embedding,
  init,
  type LanguageModel,
  type LanguageModelStepOptions,
  lastTimeStep,
  type Layer,
  LayerNorm,
  Linear,
  Module,
  type Rng,
  type Step,
  stepThrough,
} from "@pellucid/core-train";
import { add, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Mixer } from "../mixer.ts";
import { RwkvChannelMix } from "./rwkv-channel-mix.ts";
import { RwkvTimeMix, type RwkvTimeState } from "./rwkv-time-mix.ts";

/** Options for {@link Rwkv}. */
export interface RwkvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  readonly vocabSize: number;
  /** Features of a token. */
  readonly hiddenSize: number;
  /** The number of blocks. */
  readonly numHiddenLayers: number;
  /** Features inside of the channel mixing. Default: `4 hiddenSize`. */
  readonly intermediateSize?: number;
  /** Added to the variance in the norms of the blocks. Default: 1e-5. */
  readonly layerNormEpsilon?: number;
}

/** The state of a block of {@link Rwkv}: that of its time mixing, and the last input of its channel mixing, `[batch, feature]`. */
export type RwkvState = RwkvTimeState & { readonly channel: Tensor2D };

/** Time mixing and channel mixing, each after a norm and with a residual connection. */
class RwkvBlock extends Module implements Mixer<RwkvState> {
  readonly preLn: LayerNorm | null;
  readonly ln1: LayerNorm;
  readonly ln2: LayerNorm;
  readonly attention: RwkvTimeMix;
  readonly feedForward: RwkvChannelMix;

  constructor(layer: number, options: RwkvOptions) {
    super();
    const { rng, hiddenSize, numHiddenLayers: layers, intermediateSize = 4 * hiddenSize } = options;
    const { layerNormEpsilon: eps = 1e-5 } = options;
    this.preLn = layer === 0 ? new LayerNorm(hiddenSize, { eps }) : null;
    this.ln1 = new LayerNorm(hiddenSize, { eps });
    this.ln2 = new LayerNorm(hiddenSize, { eps });
    this.attention = new RwkvTimeMix(hiddenSize, { rng, layer, layers });
    this.feedForward = new RwkvChannelMix(hiddenSize, { rng, layer, layers, hiddenSize: intermediateSize });
  }

  initialState(batch: number): RwkvState {
    return { ...this.attention.initialState(batch), channel: this.feedForward.initialState(batch).x };
  }

  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(x: Tensor3D, state: RwkvState): Step<Tensor3D, RwkvState> {
    return tidy(() => {
      const first = this.preLn === null ? x : this.preLn.forward(x);
      const time = this.attention.step(this.ln1.forward(first), state);
      const between = add<Tensor3D>(first, time.output);
      const channel = this.feedForward.step(this.ln2.forward(between), { x: state.channel });
      return {
        output: add<Tensor3D>(between, channel.output),
        state: { ...time.state, channel: channel.state.x },
      };
    });
  }
}

/** The body of {@link Rwkv}. */
class RwkvBody extends Module {
  readonly embeddings: Embedding;
  readonly blocks: readonly RwkvBlock[];
  readonly lnOut: LayerNorm;

  constructor(options: RwkvOptions) {
    super();
    const { rng, vocabSize, hiddenSize, numHiddenLayers } = options;
    const gain = 1e-4 * Math.sqrt(Math.max(vocabSize, hiddenSize));
    this.embeddings = new Embedding(vocabSize, hiddenSize, { rng, init: init.orthogonal({ gain }) });
    this.blocks = Array.from({ length: numHiddenLayers }, (_, i) => new RwkvBlock(i, options));
    this.lnOut = new LayerNorm(hiddenSize);
  }
}

/**
 * RWKV-4, a language model that trains as attention and generates as a recurrence, with the names of transformers' `RwkvForCausalLM`. Initial
 * weights have its distribution.
 *
 * Peng et al., 2023. RWKV: reinventing RNNs for the transformer era. https://arxiv.org/abs/2305.13048
 */
export class Rwkv extends Module implements Layer<Tensor2D, Tensor3D>, LanguageModel<RwkvState[]> {
  readonly vocabSize: number;
  readonly rwkv: RwkvBody;
  readonly lmHead: Linear;

  constructor(options: RwkvOptions) {
    super();
    checkRng("Rwkv", options);
    checkOptions("Rwkv", options, [
      "rng",
      "vocabSize",
      "hiddenSize",
      "numHiddenLayers",
      "intermediateSize",
      "layerNormEpsilon",
    ]);
    const { rng, vocabSize, hiddenSize, numHiddenLayers } = options;
    const { intermediateSize = 4 * hiddenSize, layerNormEpsilon = 1e-5 } = options;
    checkSizes("Rwkv", { vocabSize, hiddenSize, numHiddenLayers, intermediateSize });
    checkNotNegative("Rwkv", { layerNormEpsilon });
    const gain = 0.5 * Math.sqrt(Math.max(vocabSize / hiddenSize, 1));
    this.vocabSize = vocabSize;
    this.rwkv = new RwkvBody(options);
    this.lmHead = new Linear(hiddenSize, vocabSize, { rng, bias: false, init: init.orthogonal({ gain }) });
  }

  get torchLayout() {
    return { lmHead: { name: "head" } };
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns logits of the next token, `[batch, time, token]`
   */
  forward(tokens: Tensor2D): Tensor3D {
    return tidy(() => this.step(tokens, this.initialState(tokens.shape[0])).output);
  }

  initialState(batch: number): RwkvState[] {
    return this.rwkv.blocks.map((block) => block.initialState(batch));
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
    state: RwkvState[],
    { lastOnly = false }: LanguageModelStepOptions = {},
  ): Step<Tensor3D, RwkvState[]> {
    checkShape("Rwkv", "tokens", tokens, ["batch", "time"]);
    const { embeddings, blocks, lnOut } = this.rwkv;
    return tidy(() => {
      const after = stepThrough(blocks, embeddings.forward(tokens), state);
      const hidden = lastOnly ? lastTimeStep(after.output) : after.output;
      return { output: this.lmHead.forward(lnOut.forward(hidden)), state: after.state };
    });
  }
}
