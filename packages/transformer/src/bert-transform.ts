import { gelu, LayerNorm, Linear, Module, type HasTorchLayout, type TorchLayout } from "@pellucid/core-train";
import { type Tensor3D } from "@tensorflow/tfjs-core";
import { bertDense } from "./bert-dense.ts";
import { bertNorm } from "./bert-norm.ts";
import { type SettledBertOptions } from "./bert-options.ts";

/** The layer before the logits. */
export class BertTransform extends Module implements HasTorchLayout {
  readonly dense: Linear;
  readonly layerNorm: LayerNorm;

  constructor({ rng, hiddenSize, layerNormEps: eps }: SettledBertOptions) {
    super();
    this.dense = bertDense(hiddenSize, hiddenSize, rng);
    this.layerNorm = new LayerNorm(hiddenSize, { eps });
  }

  get torchLayout(): TorchLayout {
    return bertNorm;
  }

  /**
   * @param x `[batch, time, hidden]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D): Tensor3D {
    return this.layerNorm.forward(gelu(this.dense.forward(x)));
  }
}
