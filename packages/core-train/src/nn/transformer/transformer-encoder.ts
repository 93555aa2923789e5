import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { LayerNorm } from "../layer-norm.ts";
import { alike } from "./alike.ts";
import type { Advanced, KeyValues } from "../attention/key-values.ts";
import {
  type EncoderMasks,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./transformer-encoder-layer.ts";

/** How a stack of layers is made. */
export interface TransformerStackOptions extends TransformerLayerOptions {
  /** After the last layer. Default: none. */
  readonly norm?: LayerNorm | null;
}

/**
 * Encoder layers one after the other, as `torch.nn.TransformerEncoder`: there, too, all of them start from the same weights.
 *
 * PyTorch's inference may set the outputs of padded moments to zero; here they are what the layers make of them.
 */
export class TransformerEncoder extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly layers: readonly TransformerEncoderLayer[];
  readonly norm: LayerNorm | null;

  constructor(dModel: number, nhead: number, numLayers: number, options: TransformerStackOptions) {
    super();
    const make = () => new TransformerEncoderLayer(dModel, nhead, options);
    this.layers = alike("TransformerEncoder", numLayers, options.rng, make);
    this.norm = options.norm ?? null;
  }

  /**
   * @param x `[batch, time, feature]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D, masks: EncoderMasks = {}): Tensor3D {
    return tidy(() => this.#end(this.layers.reduce((y, layer) => layer.forward(y, masks), x)));
  }

  /** What is remembered before a sequence. */
  initialState(batch: number): readonly KeyValues[] {
    return this.layers.map((layer) => layer.initialState(batch));
  }

  /**
   * What comes of some more moments, one or many, after those that left `before`, where none looks ahead.
   *
   * @param x `[batch, time, feature]`
   */
  advance(x: Tensor3D, before: readonly KeyValues[]): Advanced<Tensor3D, readonly KeyValues[]> {
    return tidy(() => {
      let y = x;
      const state = this.layers.map((layer, i) => {
        const after = layer.advance(y, before[i] as KeyValues);
        y = after.y;
        return after.state;
      });
      return { y: this.#end(y), state };
    });
  }

  #end(y: Tensor3D): Tensor3D {
    return this.norm === null ? y : this.norm.forward(y);
  }
}
