import {
  checkOptions,
  checkShape,
  type HasTorchLayout,
  type Layer,
  Module,
  type TorchLayout,
} from "@pellucid/core-train";
import { cast, expandDims, type Tensor2D, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { BertEmbeddings } from "./bert-embeddings.ts";
import { BertLayer } from "./bert-layer.ts";
import { bertOptionsOf } from "./bert-config.ts";
import { type BertOptions, settleBertOptions } from "./bert-options.ts";

/** Further inputs of BERT. */
export interface BertReading {
  /** 1 for a token, 0 for padding, `[batch, time]`. Default: no padding. */
  readonly attentionMask?: Tensor2D | null;
  /** The segment of each token, int32 `[batch, time]`. Default: 0. */
  readonly tokenTypeIds?: Tensor2D | null;
}

/** The encoder of {@link BertForMaskedLm}. */
export class Bert extends Module implements Layer<Tensor2D, Tensor3D>, HasTorchLayout {
  /**
   * The model that a `config.json` of BERT describes.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: Pick<BertOptions, "rng">): Bert {
    return new Bert({ ...bertOptionsOf("Bert.fromConfig", config), rng });
  }

  readonly embeddings: BertEmbeddings;
  readonly encoder: { readonly layer: readonly BertLayer[] };

  constructor(options: BertOptions) {
    super();
    const settled = settleBertOptions("Bert", options);
    this.embeddings = new BertEmbeddings(settled);
    this.encoder = {
      layer: Array.from({ length: settled.numHiddenLayers }, () => new BertLayer(settled)),
    };
  }

  get torchLayout(): TorchLayout {
    const heads = [
      "pooler.dense.weight",
      "pooler.dense.bias",
      "cls.predictions.bias",
      ...["transform.dense", "transform.LayerNorm", "decoder"].flatMap((layer) =>
        ["weight", "bias", "gamma", "beta"].map((field) => `cls.predictions.${layer}.${field}`),
      ),
      "cls.seq_relationship.weight",
      "cls.seq_relationship.bias",
    ];
    const own = ["embeddings", ...this.encoder.layer.map((_, i) => `encoder.layer.${i}`)];
    return {
      ...Object.fromEntries(own.map((path) => [path, { aliases: [`bert.${path}`] }])), // files of a model around it
      ...Object.fromEntries(
        heads.flatMap((name) => [name, `bert.${name}`]).map((name) => [name, { name, ignored: true }]),
      ),
    };
  }

  /**
   * @param tokens int32 `[batch, time]`
   * @returns `[batch, time, feature]`
   */
  forward(tokens: Tensor2D, reading: BertReading = {}): Tensor3D {
    checkOptions("Bert", reading, ["attentionMask", "tokenTypeIds"]);
    const { attentionMask = null, tokenTypeIds = null } = reading;
    checkShape("Bert", "tokens", tokens, ["batch", "time"]);
    if (tokenTypeIds !== null) checkShape("Bert", "tokenTypeIds", tokenTypeIds, tokens.shape);
    return tidy(() => {
      const mask = bertMask("Bert", tokens, attentionMask);
      const first = this.embeddings.forward(tokens, tokenTypeIds);
      return this.encoder.layer.reduce((x, layer) => layer.forward(x, mask), first);
    });
  }
}

/** The mask of attention, `[batch, 1, 1, time]`, in which `true` lets a query attend. */
export function bertMask(caller: string, tokens: Tensor2D, attentionMask: Tensor2D | null): Tensor4D | null {
  if (attentionMask === null) return null;
  checkShape(caller, "attentionMask", attentionMask, tokens.shape);
  return expandDims(expandDims(cast(attentionMask, "bool"), 1), 1);
}
