import { type Tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { initialize } from "../../init/initialize.ts";
import { xavierUniform } from "../../init/xavier-uniform.ts";
import { Module } from "../../module/module.ts";
import { checkShape } from "../../shape-error.ts";
import { LayerNorm } from "../layer-norm.ts";
import { TransformerDecoder } from "./transformer-decoder.ts";
import type { TransformerLayerOptions } from "./transformer-encoder-layer.ts";
import { TransformerEncoder } from "./transformer-encoder.ts";

/** How a {@link Transformer} is made. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** Default: 6. */
  readonly numEncoderLayers?: number;
  /** Default: 6. */
  readonly numDecoderLayers?: number;
}

/** Who looks at whom in a {@link Transformer}. In a `bool` mask `true` means that one may **not** look. */
export interface TransformerMasks {
  readonly srcMask?: Tensor | null;
  readonly tgtMask?: Tensor | null;
  readonly memoryMask?: Tensor | null;
  /** `[batch, moment]` */
  readonly srcKeyPaddingMask?: Tensor2D | null;
  /** `[batch, time]` */
  readonly tgtKeyPaddingMask?: Tensor2D | null;
  /** `[batch, moment]` */
  readonly memoryKeyPaddingMask?: Tensor2D | null;
  /** Whether none looks ahead in the target. Default: false. */
  readonly tgtIsCausal?: boolean;
}

/**
 * An encoder that reads one sequence and a decoder that makes another of it, as `torch.nn.Transformer` with
 * `batch_first=True`: its names and first weights. Embeddings, positions and logits are the caller's.
 *
 * Vaswani et al., 2017. Attention is all you need. https://arxiv.org/abs/1706.03762
 */
export class Transformer extends Module {
  readonly dModel: number;
  readonly encoder: TransformerEncoder;
  readonly decoder: TransformerDecoder;

  /** @param dModel features; 512 in the paper, with 8 heads */
  constructor(dModel: number, nhead: number, options: TransformerOptions) {
    super();
    const {
      rng,
      numEncoderLayers = 6,
      numDecoderLayers = 6,
      layerNormEps: eps = 1e-5,
      bias = true,
    } = options;
    const norm = () => new LayerNorm(dModel, { eps, bias });
    this.dModel = dModel;
    this.encoder = new TransformerEncoder(dModel, nhead, numEncoderLayers, { ...options, norm: norm() });
    this.decoder = new TransformerDecoder(dModel, nhead, numDecoderLayers, { ...options, norm: norm() });
    for (const { tensor, owner, field } of this.slots()) {
      if (tensor.rank > 1) initialize(owner, field as keyof Module, xavierUniform(), rng);
    }
  }

  /**
   * @param source `[batch, moment, feature]`
   * @param target `[batch, time, feature]`
   * @returns the shape of `target`
   */
  forward(source: Tensor3D, target: Tensor3D, masks: TransformerMasks = {}): Tensor3D {
    const { srcMask: mask = null, srcKeyPaddingMask = null, ...others } = masks;
    checkShape(`Transformer(${this.dModel})`, "source", source, ["batch", "moment", this.dModel]);
    return tidy(() => {
      const memory = this.encoder.forward(source, { mask, srcKeyPaddingMask });
      return this.decoder.forward(target, memory, others);
    });
  }
}
