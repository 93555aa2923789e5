import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { Module } from "../../module/module.ts";
import type { LayerNorm } from "../layer-norm.ts";
import { alike } from "./alike.ts";
import type { Advanced, KeyValues } from "../attention/key-values.ts";
import { type DecoderMasks, TransformerDecoderLayer } from "./transformer-decoder-layer.ts";
import type { TransformerStackOptions } from "./transformer-encoder.ts";

/** Decoder layers one after the other, as `torch.nn.TransformerDecoder`: there, too, all of them start from the same weights. */
export class TransformerDecoder extends Module {
  readonly layers: readonly TransformerDecoderLayer[];
  readonly norm: LayerNorm | null;

  constructor(dModel: number, nhead: number, numLayers: number, options: TransformerStackOptions) {
    super();
    const make = () => new TransformerDecoderLayer(dModel, nhead, options);
    this.layers = alike("TransformerDecoder", numLayers, options.rng, make);
    this.norm = options.norm ?? null;
  }

  /**
   * @param x the target, `[batch, time, feature]`
   * @param memory what the encoder made of the source, `[batch, moment, feature]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D, memory: Tensor3D, masks: DecoderMasks = {}): Tensor3D {
    return tidy(() => this.#end(this.layers.reduce((y, layer) => layer.forward(y, memory, masks), x)));
  }

  /** What is remembered before a target. */
  initialState(batch: number): readonly KeyValues[] {
    return this.layers.map((layer) => layer.initialState(batch));
  }

  /**
   * What comes of some more moments of the target, one or many, after those that left `before`, where none looks ahead.
   *
   * @param x `[batch, time, feature]`
   * @param memory `[batch, moment, feature]`
   */
  advance(
    x: Tensor3D,
    memory: Tensor3D,
    before: readonly KeyValues[],
    masks: Pick<DecoderMasks, "memoryKeyPaddingMask"> = {},
  ): Advanced<Tensor3D, readonly KeyValues[]> {
    return tidy(() => {
      let y = x;
      const state = this.layers.map((layer, i) => {
        const after = layer.advance(y, memory, before[i] as KeyValues, masks);
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
