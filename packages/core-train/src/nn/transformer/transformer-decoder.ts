import { checkLayerOptions } from "./check-layer-options.ts";
import { layerOptionNames } from "./layer-option-names.ts";
import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import { Module } from "../../module/module.ts";
import type { SequenceLayer, Step } from "../../module/sequence-layer.ts";
import { stepThrough } from "../../module/step-through.ts";
import type { KeyValues } from "../attention/key-values.ts";
import type { LayerNorm } from "../layer-norm.ts";
import { repeatInitialized } from "./repeat-initialized.ts";
import {
  type DecoderInput,
  type DecoderMasks,
  TransformerDecoderLayer,
} from "./transformer-decoder-layer.ts";
import type { TransformerStackOptions } from "./transformer-encoder.ts";

/** A stack of decoder layers with the same initial weights, as `torch.nn.TransformerDecoder`. */
export class TransformerDecoder
  extends Module
  implements SequenceLayer<DecoderInput, Tensor3D, readonly KeyValues[]>
{
  readonly layers: readonly TransformerDecoderLayer[];
  readonly norm: LayerNorm | null;

  constructor(dModel: number, nhead: number, numLayers: number, options: TransformerStackOptions) {
    super();
    checkOptions("TransformerDecoder", options, [...layerOptionNames, "norm"]);
    checkLayerOptions("TransformerDecoder", dModel, nhead, options);
    const { norm = null, ...layer } = options;
    const make = () => new TransformerDecoderLayer(dModel, nhead, layer);
    this.layers = repeatInitialized("TransformerDecoder", numLayers, make);
    this.norm = norm;
  }

  /**
   * @param x the target, `[batch, target, feature]`
   * @param memory the output of the encoder, `[batch, source, feature]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D, memory: Tensor3D, masks: DecoderMasks = {}): Tensor3D {
    return tidy(() => this.#normalize(this.layers.reduce((y, layer) => layer.forward(y, memory, masks), x)));
  }

  initialState(batch: number): readonly KeyValues[] {
    return this.layers.map((layer) => layer.initialState(batch));
  }

  /** Processes the next time steps of the target, with causal self-attention. */
  step(
    { target, ...source }: DecoderInput,
    state: readonly KeyValues[],
  ): Step<Tensor3D, readonly KeyValues[]> {
    const layers = this.layers.map((layer) => ({
      initialState: (batch: number) => layer.initialState(batch),
      step: (x: Tensor3D, cache: KeyValues) => layer.step({ target: x, ...source }, cache),
    }));
    return tidy(() => {
      const after = stepThrough(layers, target, state);
      return { output: this.#normalize(after.output), state: after.state };
    });
  }

  #normalize(y: Tensor3D): Tensor3D {
    return this.norm === null ? y : this.norm.forward(y);
  }
}
