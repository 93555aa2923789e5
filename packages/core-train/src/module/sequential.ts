import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "./layer.ts";
import { Module } from "./module.ts";

/** A layer in a chain, of whatever input and output. */
export type AnyLayer = Layer<never, Tensor>;

/** What the first layer takes. */
export type InputOf<L extends readonly AnyLayer[]> = L extends readonly [
  Layer<infer In, Tensor>,
  ...AnyLayer[],
]
  ? In
  : L[number] extends Layer<infer In, Tensor>
    ? In
    : never;

/** What the last layer gives. */
export type OutputOf<L extends readonly AnyLayer[]> = L extends readonly [
  ...AnyLayer[],
  Layer<never, infer Out>,
]
  ? Out
  : L[number] extends Layer<never, infer Out>
    ? Out
    : never;

/**
 * Layers one after the other. Each is named by its place, as in PyTorch: `0.weight`, `2.weight`, …
 *
 * A layer without parameters counts, so `new Sequential(new Linear(…), new ReLU(), new Linear(…))` has `0` and `2`.
 */
export class Sequential<const L extends readonly AnyLayer[] = readonly AnyLayer[]>
  extends Module
  implements Layer<InputOf<L>, OutputOf<L>>
{
  readonly [place: number]: AnyLayer;

  constructor(...layers: L) {
    super();
    Object.assign(this, layers);
  }

  /** The layers in order. */
  get layers(): readonly AnyLayer[] {
    const fields = Object.entries(this) as [string, AnyLayer][];
    return fields.filter(([place]) => /^\d+$/.test(place)).map(([, layer]) => layer);
  }

  forward(input: InputOf<L>): OutputOf<L> {
    const through = (x: Tensor, layer: AnyLayer): Tensor => layer.forward(x as never);
    return tidy(() => this.layers.reduce(through, input as Tensor)) as OutputOf<L>;
  }
}
