import {
  checkShape,
  checkTokens,
  Dropout,
  emptyKeyValues,
  init,
  initialized,
  type KeyValues,
  type LanguageModel,
  type Layer,
  matMul,
  Module,
  type Parameter,
  RMSNorm,
  type Step,
  tidyLeaves,
  Embedding,
} from "@pellucid/core-train";
import {
  add,
  cast,
  clone,
  expandDims,
  fill,
  gather,
  mul,
  type Rank,
  tensor1d,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor2d,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { T5Block } from "./t5-block.ts";
import { t5OptionsOf } from "./t5-config.ts";
import { type SettledT5Options, settleT5Options, type T5Options } from "./t5-options.ts";

/** The inputs of {@link T5}. */
export interface T5Input {
  /** The text that is read, int32 `[batch, time]`. */
  readonly tokens: Tensor2D;
  /** The text that is written, each token to predict the next from, int32 `[batch, target]`; the first is the padding token. */
  readonly target: Tensor2D;
  /** 1 for a token that is read, 0 for padding, `[batch, time]`. Default: no padding. */
  readonly attentionMask?: Tensor2D | null;
}

/** What a decoder has read and written. The caller owns it: `disposeLeaves(state)`. */
export interface T5State {
  /** Keys and values of the tokens so far, of each block. */
  readonly own: readonly KeyValues[];
  /** Keys and values of what the encoder has read, of each block. */
  readonly source: readonly KeyValues[];
  /** Added to the scores for these. */
  readonly mask: Tensor4D | null;
}

/**
 * An encoder that reads a text and a decoder that writes another, with biases of distances instead of positions; with the names of Hugging Face's
 * `T5ForConditionalGeneration`. With gated networks and a head of its own it is T5 1.1 and Flan-T5.
 *
 * Raffel et al., 2020. https://arxiv.org/abs/1910.10683
 */
export class T5 extends Module implements Layer<T5Input, Tensor3D> {
  /**
   * The model that a `config.json` of T5 describes.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: Pick<T5Options, "rng">): T5 {
    return new T5({ ...t5OptionsOf(config), rng });
  }

  readonly vocabSize: number;
  readonly heads: number;
  readonly dKv: number;
  readonly scale: number;
  readonly shared: Embedding;
  readonly encoder: T5Stack;
  readonly decoder: T5Stack;
  /** `[token, feature]`; that of the embedding if they are tied. */
  readonly lmHead: { readonly weight: Parameter<Rank.R2> };

  constructor(options: T5Options) {
    super();
    const settled = settleT5Options("T5", options);
    const { rng, vocabSize, dModel, numLayers, numDecoderLayers } = settled;
    this.vocabSize = vocabSize;
    this.heads = settled.numHeads;
    this.dKv = settled.dKv;
    this.scale = settled.scaleDecoderOutputs ? dModel ** -0.5 : 1;
    this.shared = new Embedding(vocabSize, dModel, { rng, init: init.normal() });
    const { weight } = this.shared;
    this.encoder = new T5Stack(weight, numLayers, false, settled);
    this.decoder = new T5Stack(weight, numDecoderLayers, true, settled);
    this.lmHead = {
      weight: settled.tieWordEmbeddings ? weight : initialized([vocabSize, dModel], init.normal(), rng),
    };
  }

  /** @returns logits of the next token of `target`, `[batch, target, token]` */
  forward({ tokens, target, attentionMask = null }: T5Input): Tensor3D {
    checkShape("T5", "target", target, [tokens.shape[0], "target"]);
    return tidyLeaves(() => this.step(target, this.read(tokens, attentionMask)).output);
  }

  /**
   * Reads a text: the state in which a decoder begins.
   *
   * @param tokens int32 `[batch, time]`
   * @param attentionMask 1 for a token, 0 for padding, `[batch, time]`
   */
  read(tokens: Tensor2D, attentionMask: Tensor2D | null = null): T5State {
    checkShape("T5", "tokens", tokens, ["batch", "time"]);
    if (attentionMask !== null) checkShape("T5", "attentionMask", attentionMask, tokens.shape);
    return tidyLeaves(() => {
      const mask = attentionMask === null ? null : blockedPadding(attentionMask); // [batch, 1, 1, time]
      const bias = this.encoder.biases(tokens.shape[1], tokens.shape[1], 0);
      const scores = mask === null || bias === null ? (bias ?? mask) : add<Tensor4D>(bias, mask);
      const first = this.encoder.dropout.forward(this.shared.forward(tokens) as Tensor3D);
      const last = this.encoder.block.reduce((x, block) => block.encode(x, scores), first);
      const encoded = this.encoder.dropout.forward(this.encoder.finalLayerNorm.forward(last)); // [batch, time, feature]
      const source = this.decoder.block.flatMap(
        ({ encDecAttention }) => encDecAttention?.keyValues(encoded) ?? [],
      );
      const own = source.map(() => emptyKeyValues(tokens.shape[0], this.heads, this.dKv));
      return { own, source, mask };
    });
  }

  /**
   * Writes the next tokens.
   *
   * @param target int32 `[batch, target]`
   * @param state of {@link read} or of an earlier step
   * @returns logits `[batch, target, token]`
   */
  step(target: Tensor2D, state: T5State): Step<Tensor3D, T5State> {
    checkShape("T5", "target", target, ["batch", "target"]);
    const offset = state.own[0]?.key.shape[2] ?? 0;
    const time = target.shape[1];
    return tidyLeaves(() => {
      const { block, dropout, finalLayerNorm } = this.decoder;
      const bias = this.decoder.biases(time, offset + time, offset);
      const own: KeyValues[] = [];
      let x = dropout.forward(this.shared.forward(target) as Tensor3D); // [batch, target, feature]
      for (const [i, layer] of block.entries()) {
        const after = layer.decode(x, bias, state.source[i] as KeyValues, state.mask, state.own[i] ?? null);
        x = after.output;
        own.push(after.state);
      }
      const hidden = mul<Tensor3D>(dropout.forward(finalLayerNorm.forward(x)), this.scale);
      const output: Tensor3D = matMul(hidden, this.lmHead.weight, false, true); // [batch, target, token]
      const source = state.source.map(({ key, value }) => ({ key: clone(key), value: clone(value) }));
      return { output, state: { own, source, mask: state.mask === null ? null : clone(state.mask) } };
    });
  }

  /**
   * The decoder conditioned on a text, as a language model for `generate` and `beamSearch`, whose prompt is the padding token:
   *
   * ```ts
   * for await (const token of generate(model.conditionedOn(source), [0], { endToken: 1 })) …
   * ```
   *
   * @param source the tokens of one text
   * @throws {DataError} If there are none, or one is not in the vocabulary.
   */
  conditionedOn(source: ArrayLike<number>): LanguageModel<T5State> {
    const tokens = checkTokens("T5", "the source", source, this.vocabSize);
    return {
      vocabSize: this.vocabSize,
      initialState: (batch) =>
        tidyLeaves(() => {
          const rows = Array.from({ length: batch }, () => [...tokens]);
          return this.read(tensor2d(rows, [batch, tokens.length], "int32"));
        }),
      step: (target, state) => this.step(target, state),
      select: (state, examples) => selected(state, examples),
    };
  }
}

/** The encoder or the decoder of a {@link T5}. */
class T5Stack extends Module {
  /** The embedding that both share. */
  readonly embedTokens: { readonly weight: Parameter<Rank.R2> };
  readonly block: readonly T5Block[];
  readonly finalLayerNorm: RMSNorm;
  readonly dropout: Dropout;

  constructor(weight: Parameter<Rank.R2>, layers: number, isDecoder: boolean, options: SettledT5Options) {
    super();
    const { rng, dModel, layerNormEpsilon: eps, dropoutRate } = options;
    this.embedTokens = { weight };
    this.block = Array.from(
      { length: layers },
      (_, i) => new T5Block({ ...options, isDecoder, isFirst: i === 0 }),
    );
    this.finalLayerNorm = new RMSNorm(dModel, { eps });
    this.dropout = new Dropout(dropoutRate, { rng });
  }

  /** The biases of distances that all blocks add to their scores, `[1, head, query, key]`. */
  biases(queries: number, keys: number, offset: number): Tensor4D | null {
    return this.block[0]?.selfAttention.biases(queries, keys, offset) ?? null;
  }
}

/** `-Infinity` for padding, otherwise 0: `[batch, 1, 1, time]`. */
function blockedPadding(attentionMask: Tensor2D): Tensor4D {
  const open: Tensor4D = expandDims(expandDims(cast(attentionMask, "bool"), 1), 1);
  const nothing = zerosLike(cast(open, "float32"));
  return where(open, nothing, fill(open.shape, -Infinity));
}

function selected({ own, source, mask }: T5State, examples: readonly number[]): T5State {
  return tidyLeaves(() => {
    const rows = tensor1d([...examples], "int32");
    const of = ({ key, value }: KeyValues) => ({ key: gather(key, rows), value: gather(value, rows) });
    return { own: own.map(of), source: source.map(of), mask: mask === null ? null : gather(mask, rows) };
  });
}
