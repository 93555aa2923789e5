import { checkRng, type Layer, Module, OptionError } from "@pellucid/core-train";
import { type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { KANLinear, type KANLinearOptions } from "./kan-linear.ts";

/**
 * A chain of {@link KANLinear}, with the names of efficient-kan's `KAN`: `layers.0.base_weight`, ….
 *
 * ```ts
 * const model = new EfficientKAN([784, 64, 10], { rng: new Rng(0) });
 * ```
 */
export class EfficientKAN extends Module implements Layer<Tensor, Tensor> {
  readonly layers: readonly KANLinear[];

  /** @param width the number of nodes of each layer, the inputs first */
  constructor(width: readonly number[], options: KANLinearOptions) {
    super();
    checkRng("EfficientKAN", options);
    if (!Array.isArray(width) || width.length < 2)
      throw new OptionError("EfficientKAN", "width", `[${String(width)}]`, "two sizes or more");
    this.layers = chain(width, options);
  }

  /**
   * @param x `[..., in]`
   * @returns `[..., out]`
   */
  forward<X extends Tensor>(x: X): X {
    return tidy(() => this.layers.reduce((h, layer) => layer.forward(h), x));
  }

  /**
   * Adapts the grids of all layers to samples, see {@link KANLinear.updateGrid}; each layer to what the ones before it make of them.
   *
   * @param x `[batch, in]`
   */
  async updateGrid(x: Tensor2D, margin = 0.01): Promise<void> {
    let h = x;
    for (const layer of this.layers) {
      try {
        await layer.updateGrid(h, margin);
        const next = layer.forward(h);
        if (h !== x) h.dispose();
        h = next;
      } catch (error) {
        if (h !== x) h.dispose();
        throw error;
      }
    }
    if (h !== x) h.dispose();
  }
}

/** The layers; if one cannot be made, those before it are freed. */
function chain(width: readonly number[], options: KANLinearOptions): KANLinear[] {
  const layers: KANLinear[] = [];
  try {
    for (const [i, size] of width.slice(0, -1).entries())
      layers.push(new KANLinear(size, width[i + 1] ?? NaN, options));
    return layers;
  } catch (error) {
    for (const layer of layers) layer.dispose();
    throw error;
  }
}
