import {
  GELU,
  LayerNorm,
  Linear,
  mergeHeads,
  Module,
  type Rng,
  scaledDotProductAttention,
  Sequential,
  SiLU,
} from "@pellucid/core-train";
import {
  add,
  expandDims,
  mul,
  type Rank,
  reshape,
  split,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { type Modulation, modulated } from "./modulated.ts";

/** A transformer block whose norms are scaled and shifted, and whose residual branches are gated, by the condition. */
export class DiTBlock extends Module {
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

  /**
   * @param x `[batch, patch, feature]`
   * @param condition `[batch, feature]`
   * @returns the shape of `x`
   */
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
      const apart = reshape<Rank.R4>(this.qkv.forward(x), [batch, patches, 3 * this.heads, each]);
      const [q, k, v] = split(transpose(apart, [0, 2, 1, 3]), 3, 1) as [Tensor4D, Tensor4D, Tensor4D];
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
