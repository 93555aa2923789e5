import { type Layer, Module, ShapeError } from "@pellucid/core-train";
import { reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * Applies a layer without state to each time step of a sequence, all at once: a convolution, a pooling. Linear layers need none, since they take any number of axes.
 *
 * The layer's parameters keep their names, without a part for this.
 */
export class OverTime extends Module implements Layer<Tensor, Tensor> {
  readonly layer: Layer<never, Tensor>;

  /** @param layer from `[batch, …]` to `[batch, …]` */
  constructor(layer: Layer<never, Tensor>) {
    super();
    this.layer = layer;
  }

  get torchLayout() {
    return { layer: { name: "" } };
  }

  /**
   * @param x `[batch, time, …]`
   * @returns `[batch, time, …]`
   */
  forward(x: Tensor): Tensor {
    if (x.rank < 3)
      throw new ShapeError(`OverTime: x is [${x.shape.join(", ")}], expected [batch, time, …].`);
    return tidy(() => {
      const [batch = 0, time = 0, ...rest] = x.shape;
      const y = this.layer.forward(reshape(x, [batch * time, ...rest]) as never); // [batch * time, …]
      return reshape(y, [batch, time, ...y.shape.slice(1)]);
    });
  }
}
