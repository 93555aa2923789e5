import {
  checkShape,
  DotProductAttention,
  emptyKeyValues,
  gelu,
  type HasTorchLayout,
  init,
  type KeyValues,
  type Layer,
  LayerNorm,
  Linear,
  Module,
  type SequenceLayer,
  splitHeads,
  type Step,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, split, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { checkGptNeoXOptions, type GptNeoXOptions } from "./gpt-neox-options.ts";
import { attendRotated, type RotaryHeads, rotaryHeads, type RotaryHeadsOptions } from "./rotary-heads.ts";

/** Options for {@link GptNeoXBlock}: those of {@link GptNeoX} that a block needs. */
export type GptNeoXBlockOptions = Omit<GptNeoXOptions, "vocabSize" | "numHiddenLayers">;

/**
 * Causal self-attention and a feed-forward network, each after a norm of its own: both of the same input and added to it at once, `x + attention(norm(x)) + mlp(norm(x))`,
 * or one after the other.
 */
export class GptNeoXBlock
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>, HasTorchLayout
{
  readonly parallel: boolean;
  readonly inputLayernorm: LayerNorm;
  readonly postAttentionLayernorm: LayerNorm;
  readonly attention: GptNeoXAttention;
  readonly mlp: { readonly denseHTo4h: Linear; readonly dense4hToH: Linear };

  constructor(options: GptNeoXBlockOptions) {
    super();
    checkGptNeoXOptions("GptNeoXBlock", { vocabSize: 1, numHiddenLayers: 1, ...options });
    const { rng, hiddenSize, intermediateSize, numAttentionHeads, layerNormEps: eps = 1e-5 } = options;
    const made = { rng, init: init.normal(0, 0.02) };
    this.parallel = options.useParallelResidual ?? true;
    this.inputLayernorm = new LayerNorm(hiddenSize, { eps });
    this.postAttentionLayernorm = new LayerNorm(hiddenSize, { eps });
    this.attention = new GptNeoXAttention(hiddenSize, numAttentionHeads, options);
    this.mlp = {
      denseHTo4h: new Linear(hiddenSize, intermediateSize, made),
      dense4hToH: new Linear(intermediateSize, hiddenSize, made),
    };
  }

  get torchLayout(): TorchLayout {
    return {
      "mlp.denseHTo4h": { name: "mlp.dense_h_to_4h" },
      "mlp.dense4hToH": { name: "mlp.dense_4h_to_h" },
    };
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#after(x, this.attention.forward(this.inputLayernorm.forward(x))));
  }

  initialState(batch: number): KeyValues {
    return this.attention.initialState(batch);
  }

  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    return tidy(() => {
      const attended = this.attention.step(this.inputLayernorm.forward(x), state);
      return { output: this.#after(x, attended.output), state: attended.state };
    });
  }

  #after(x: Tensor3D, attended: Tensor3D): Tensor3D {
    const { denseHTo4h, dense4hToH } = this.mlp;
    const sum = add<Tensor3D>(x, attended);
    const inner = this.postAttentionLayernorm.forward(this.parallel ? x : sum);
    return add(sum, dense4hToH.forward(gelu(denseHTo4h.forward(inner))));
  }
}

/** Causal self-attention with rotary positions whose queries, keys and values come from one linear layer, head by head; with the names of Hugging Face's GPT-NeoX. */
export class GptNeoXAttention
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>, HasTorchLayout
{
  readonly #about: RotaryHeads;
  readonly queryKeyValue: Linear;
  readonly dense: Linear;
  readonly attention = new DotProductAttention();

  /** @throws {OptionError} If heads do not divide. */
  constructor(
    width: number,
    heads: number,
    options: Omit<RotaryHeadsOptions, "numKeyValueHeads" | "headDim" | "slidingWindow"> & {
      /** Whether the linear layers have a bias. Default: true. */
      readonly attentionBias?: boolean;
    },
  ) {
    super();
    this.#about = rotaryHeads("GptNeoXAttention", width, heads, { partialRotaryFactor: 0.25, ...options });
    const made = { rng: options.rng, bias: options.attentionBias ?? true, init: init.normal(0, 0.02) };
    this.queryKeyValue = new Linear(width, 3 * width, made);
    this.dense = new Linear(width, width, made);
  }

  get torchLayout(): TorchLayout {
    const buffers = ["bias", "maskedBias", "rotaryEmb.invFreq"]; // in files from before 2023
    return Object.fromEntries(buffers.map((name) => [name, { ignored: true }]));
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#attend(x, null).output);
  }

  initialState(batch: number): KeyValues {
    return emptyKeyValues(batch, this.#about.heads, this.#about.headDim);
  }

  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    return tidy(() => this.#attend(x, state));
  }

  #attend(x: Tensor3D, cache: KeyValues | null): Step<Tensor3D, KeyValues> {
    checkShape("GptNeoXAttention", "x", x, ["batch", "time", this.queryKeyValue.inFeatures]);
    const all = splitHeads(this.queryKeyValue.forward(x), this.#about.heads); // [batch, head, time, 3 feature]
    const [query, key, value] = split<Tensor4D>(all, 3, 3) as [
      query: Tensor4D,
      key: Tensor4D,
      value: Tensor4D,
    ];
    const { output, state } = attendRotated(this.attention, { query, key, value }, this.#about, cache);
    return { output: this.dense.forward(output), state };
  }
}
