import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  type Layer,
  Linear,
  Module,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import { tanh, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link PhysicsNet}. */
export interface PhysicsNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/**
 * A multi-layer perceptron with `tanh`, smooth enough for the derivatives in a differential equation: the usual net of {@link physicsLoss}. Names are those of a `Sequential` of layers: `layers.0.weight`, ….
 */
export class PhysicsNet extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly layers: readonly Linear[];

  /** @param width the number of features of each layer, the coordinates first */
  constructor(width: readonly number[], options: PhysicsNetOptions) {
    super();
    checkRng("PhysicsNet", options);
    checkOptions("PhysicsNet", options, ["rng"]);
    if (!Array.isArray(width) || width.length < 2)
      throw new OptionError("PhysicsNet", "width", `[${String(width)}]`, "two sizes or more");
    checkSizes("PhysicsNet", Object.fromEntries(width.map((size, i) => [`width[${i}]`, size])));
    const { rng } = options;
    this.layers = width.slice(1).map((size, i) => new Linear(width[i] as number, size, { rng }));
  }

  /**
   * @param x `[batch, coordinate]`
   * @returns `[batch, output]`
   */
  forward(x: Tensor2D): Tensor2D {
    checkShape("PhysicsNet", "x", x, ["batch", this.layers[0]?.inFeatures ?? 0]);
    const last = this.layers.length - 1;
    return tidy(() =>
      this.layers.reduce((h, layer, i) => {
        const z = layer.forward(h);
        return i === last ? z : tanh(z);
      }, x),
    );
  }
}
