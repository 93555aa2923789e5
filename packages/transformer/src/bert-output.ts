import {
  Dropout,
  LayerNorm,
  Linear,
  Module,
  type HasTorchLayout,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, type Tensor3D } from "@tensorflow/tfjs-core";
import { bertDense } from "./bert-dense.ts";
import { bertNorm } from "./bert-norm.ts";
import { type SettledBertOptions } from "./bert-options.ts";

/** `norm(dropout(dense(x)) + residual)` */
export class BertOutput extends Module implements HasTorchLayout {
  readonly dense: Linear;
  readonly layerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(inner: number, { rng, hiddenSize, layerNormEps: eps, hiddenDropoutProb }: SettledBertOptions) {
    super();
    this.dense = bertDense(inner, hiddenSize, rng);
    this.layerNorm = new LayerNorm(hiddenSize, { eps });
    this.dropout = new Dropout(hiddenDropoutProb, { rng });
  }

  get torchLayout(): TorchLayout {
    return bertNorm;
  }

  /**
   * @param x `[batch, time, inFeatures]`
   * @param residual `[batch, time, hidden]`
   * @returns `[batch, time, hidden]`
   */
  forward(x: Tensor3D, residual: Tensor3D): Tensor3D {
    return this.layerNorm.forward(add<Tensor3D>(this.dropout.forward(this.dense.forward(x)), residual));
  }
}
