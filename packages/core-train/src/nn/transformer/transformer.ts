import { checkSizes } from "../../check-values.ts";
import { checkLayerOptions } from "./check-layer-options.ts";
import { layerOptionNames } from "./layer-option-names.ts";
import { type Tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import { initialize } from "../../init/initialize.ts";
import { xavierUniform } from "../../init/xavier-uniform.ts";
import { Module } from "../../module/module.ts";
import { checkShape } from "../../shape-error.ts";
import { LayerNorm } from "../layer-norm.ts";
import { TransformerDecoder } from "./transformer-decoder.ts";
import type { TransformerLayerOptions } from "./transformer-encoder-layer.ts";
import { TransformerEncoder } from "./transformer-encoder.ts";

/** Options for {@link Transformer}. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** The number of encoder layers. Default: 6. */
  readonly numEncoderLayers?: number;
  /** The number of decoder layers. Default: 6. */
  readonly numDecoderLayers?: number;
}

/** The masks of a {@link Transformer}. In a `bool` mask `true` **blocks** attention. */
export interface TransformerMasks {
  readonly srcMask?: Tensor | null;
  readonly tgtMask?: Tensor | null;
  readonly memoryMask?: Tensor | null;
  /** `[batch, source]` */
  readonly srcKeyPaddingMask?: Tensor2D | null;
  /** `[batch, target]` */
  readonly tgtKeyPaddingMask?: Tensor2D | null;
  /** `[batch, source]` */
  readonly memoryKeyPaddingMask?: Tensor2D | null;
  /** Whether later time steps of the target are masked. Default: false. */
  readonly tgtIsCausal?: boolean;
}

/**
 * An encoder of one sequence and a decoder that generates another, as `torch.nn.Transformer` with `batch_first=True`: its names
 * and initial weights. It has no embeddings, positions or output layer.
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
    checkOptions("Transformer", options, [...layerOptionNames, "numEncoderLayers", "numDecoderLayers"]);
    checkLayerOptions("Transformer", dModel, nhead, options);
    const { numEncoderLayers = 6, numDecoderLayers = 6, ...layer } = options;
    const { rng, layerNormEps: eps = 1e-5, bias = true } = layer;
    checkSizes("Transformer", { numEncoderLayers, numDecoderLayers });
    const norm = () => new LayerNorm(dModel, { eps, bias });
    this.dModel = dModel;
    this.encoder = new TransformerEncoder(dModel, nhead, numEncoderLayers, { ...layer, norm: norm() });
    this.decoder = new TransformerDecoder(dModel, nhead, numDecoderLayers, { ...layer, norm: norm() });
    for (const { tensor, owner, field } of this.slots()) {
      if (tensor.rank > 1) initialize(owner, field as keyof Module, xavierUniform(), rng);
    }
  }

  /**
   * @param source `[batch, source, feature]`
   * @param target `[batch, target, feature]`
   * @returns the shape of `target`
   */
  forward(source: Tensor3D, target: Tensor3D, masks: TransformerMasks = {}): Tensor3D {
    const { srcMask: mask = null, srcKeyPaddingMask = null, ...others } = masks;
    checkShape(`Transformer(${this.dModel})`, "source", source, ["batch", "source", this.dModel]);
    return tidy(() => {
      const memory = this.encoder.forward(source, { mask, srcKeyPaddingMask });
      return this.decoder.forward(target, memory, others);
    });
  }
}
