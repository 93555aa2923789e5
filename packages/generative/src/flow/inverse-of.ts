import { type Layer, Module } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Bijection, Transformed } from "./bijection.ts";

/**
 * A layer of a flow the other way round. The inverse of a {@link MaskedAutoregressive} layer is one of an inverse autoregressive flow: it samples in one
 * pass, and takes one per feature for the density of given data. Kingma et al., 2016. https://arxiv.org/abs/1606.04934
 */
export class InverseOf extends Module implements Bijection, Layer<Tensor, Transformed> {
  readonly transform: Module & Bijection;

  constructor(transform: Module & Bijection) {
    super();
    this.transform = transform;
  }

  /** @param x `[batch, …]` */
  forward(x: Tensor): Transformed {
    return this.transform.inverse(x);
  }

  /** @param y `[batch, …]` */
  inverse(y: Tensor): Transformed {
    return this.transform.forward(y);
  }
}
