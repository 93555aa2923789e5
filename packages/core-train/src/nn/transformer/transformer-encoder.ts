import { checkLayerOptions } from "./check-layer-options.ts";
import { layerOptionNames } from "./layer-option-names.ts";
import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { SequenceLayer, Step } from "../../module/sequence-layer.ts";
import { stepThrough } from "../../module/step-through.ts";
import type { KeyValues } from "../attention/key-values.ts";
import type { LayerNorm } from "../layer-norm.ts";
import { repeatInitialized } from "./repeat-initialized.ts";
import {
  type EncoderMasks,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./transformer-encoder-layer.ts";

/** Options for {@link TransformerEncoder} and {@link TransformerDecoder}. */
export interface TransformerStackOptions extends TransformerLayerOptions {
  /** A norm after the last layer. Default: none. */
  readonly norm?: LayerNorm | null;
}

/**
 * A stack of encoder layers with the same initial weights, as `torch.nn.TransformerEncoder`.
 *
 * In inference PyTorch may set the outputs at padding to zero; here they are what the layers compute.
 */
export class TransformerEncoder
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, readonly KeyValues[]>
{
  readonly layers: readonly TransformerEncoderLayer[];
  readonly norm: LayerNorm | null;

  constructor(dModel: number, nhead: number, numLayers: number, options: TransformerStackOptions) {
    super();
    checkOptions("TransformerEncoder", options, [...layerOptionNames, "norm"]);
    checkLayerOptions("TransformerEncoder", dModel, nhead, options);
    const { norm = null, ...layer } = options;
    const make = () => new TransformerEncoderLayer(dModel, nhead, layer);
    this.layers = repeatInitialized("TransformerEncoder", numLayers, make);
    this.norm = norm;
  }

  /**
   * @param x `[batch, time, feature]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D, masks: EncoderMasks = {}): Tensor3D {
    return tidy(() => this.#normalize(this.layers.reduce((y, layer) => layer.forward(y, masks), x)));
  }

  initialState(batch: number): readonly KeyValues[] {
    return this.layers.map((layer) => layer.initialState(batch));
  }

  /**
   * Processes the next time steps, with causal attention.
   *
   * @param x `[batch, time, feature]`
   */
  step(x: Tensor3D, state: readonly KeyValues[]): Step<Tensor3D, readonly KeyValues[]> {
    return tidy(() => {
      const after = stepThrough(this.layers, x, state);
      return { output: this.#normalize(after.output), state: after.state };
    });
  }

  #normalize(y: Tensor3D): Tensor3D {
    return this.norm === null ? y : this.norm.forward(y);
  }
}
