import {
  checkShape,
  DotProductAttention,
  Embedding,
  init,
  isTraining,
  type KeyValues,
  Linear,
  mergeHeads,
  Module,
  type Rng,
  splitHeads,
  type Step,
} from "@pellucid/core-train";
import { expandDims, type Tensor3D, type Tensor4D, tensor2d, tidy, transpose } from "@tensorflow/tfjs-core";
import { relativeBucket } from "./relative-bucket.ts";
import { type SettledT5Options, settleT5Options, type T5Options } from "./t5-options.ts";

/** Options for {@link T5Attention}. */
export interface T5AttentionOptions extends T5Options {
  /** Whether the layer has the biases of distances, which all layers of a stack use: the first has. Default: false. */
  readonly hasRelativeAttentionBias?: boolean;
  /** Whether keys after a query have buckets of their own, as in an encoder. Default: true. */
  readonly bidirectional?: boolean;
}

/** Attention whose scores are not scaled, and have a learned bias for each head and distance added; with the names of Hugging Face's T5. */
export class T5Attention extends Module {
  readonly heads: number;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly rng: Rng;
  readonly #buckets: number;
  readonly #limit: number;
  readonly q: Linear;
  readonly k: Linear;
  readonly v: Linear;
  readonly o: Linear;
  /** `[bucket, head]` */
  readonly relativeAttentionBias: Embedding | null;
  readonly attention = new DotProductAttention();

  constructor(options: T5AttentionOptions) {
    super();
    const settled: SettledT5Options = settleT5Options("T5Attention", options);
    const { rng, dModel, dKv, numHeads } = settled;
    const { hasRelativeAttentionBias = false, bidirectional = true } = options;
    const inner = numHeads * dKv;
    const drawn = (std: number) => ({ rng, bias: false, init: init.normal(0, std) });
    this.heads = numHeads;
    this.dropout = settled.dropoutRate;
    this.bidirectional = bidirectional;
    this.rng = rng;
    this.#buckets = settled.relativeAttentionNumBuckets;
    this.#limit = settled.relativeAttentionMaxDistance;
    this.q = new Linear(dModel, inner, drawn((dModel * dKv) ** -0.5));
    this.k = new Linear(dModel, inner, drawn(dModel ** -0.5));
    this.v = new Linear(dModel, inner, drawn(dModel ** -0.5));
    this.o = new Linear(inner, dModel, drawn(inner ** -0.5));
    this.relativeAttentionBias = hasRelativeAttentionBias
      ? new Embedding(this.#buckets, numHeads, { rng, init: init.normal(0, dModel ** -0.5) })
      : null;
  }

  /**
   * The biases of distances, `[1, head, query, key]`, or `null` if the layer has none.
   *
   * @param offset the position of the first query among the keys
   */
  biases(queries: number, keys: number, offset: number): Tensor4D | null {
    const table = this.relativeAttentionBias;
    if (table === null) return null;
    const ids = Int32Array.from({ length: queries * keys }, (_, i) =>
      relativeBucket(
        (i % keys) - Math.floor(i / keys) - offset,
        this.#buckets,
        this.#limit,
        this.bidirectional,
      ),
    );
    return tidy(() => {
      const values = table.forward(tensor2d(ids, [queries, keys], "int32")) as Tensor3D; // [query, key, head]
      return expandDims(transpose(values, [2, 0, 1]), 0);
    });
  }

  /** The keys and values of what is attended to, `[batch, head, time, feature]` each. */
  keyValues(x: Tensor3D): KeyValues {
    return tidy(() => ({
      key: splitHeads(this.k.forward(x), this.heads),
      value: splitHeads(this.v.forward(x), this.heads),
    }));
  }

  /**
   * Attends to given keys and values.
   *
   * @param x `[batch, query, feature]`
   * @param mask added to the scores, `[batch or 1, head or 1, query or 1, key]`, or `null`
   */
  attend(x: Tensor3D, keyValues: KeyValues, mask: Tensor4D | null): Tensor3D {
    return tidy(() => {
      const { key, value } = keyValues;
      const output = this.attention.forward({
        query: this.#query(x),
        key,
        value,
        options: this.#options(mask),
      });
      return this.o.forward(mergeHeads(output));
    });
  }

  /**
   * Attends to the input itself up to each query's own position, and to what is in the cache.
   *
   * @param x `[batch, query, feature]`
   * @param bias added to the scores
   */
  step(x: Tensor3D, bias: Tensor4D | null, cache: KeyValues | null): Step<Tensor3D, KeyValues> {
    return tidy(() => {
      const { key, value } = this.keyValues(x);
      const input = { query: this.#query(x), key, value, options: this.#options(bias) };
      const { output, state } = this.attention.step(input, cache);
      return { output: this.o.forward(mergeHeads(output)), state };
    });
  }

  #query(x: Tensor3D): Tensor4D {
    checkShape("T5Attention", "x", x, ["batch", "time", this.q.inFeatures]);
    return splitHeads(this.q.forward(x), this.heads);
  }

  #options(mask: Tensor4D | null) {
    return { mask, scale: 1, dropout: isTraining(this) ? this.dropout : 0, rng: this.rng };
  }
}
