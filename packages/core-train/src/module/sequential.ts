import { clone, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { LookedUp } from "../op/embedding.ts";
import type { Layer } from "./layer.ts";
import { Module } from "./module.ts";

/** A layer in a chain, of whatever input and output. */
export type AnyLayer = Layer<never, Tensor>;

/** A layer that puts out what it takes in, whatever rank that has: an activation, a norm, dropout, `Linear`. */
interface RankKeeping {
  forward<X extends Tensor>(input: X): X;
}

/** An embedding, which adds an axis whatever rank its indices have. */
interface LookingUp<X> {
  forward<Y extends X & Tensor>(indices: Y): LookedUp<Y>;
}

/** What a layer takes. */
type In<L extends AnyLayer> = L extends Layer<infer X, Tensor> ? X : never;

/** What a layer puts out when it is given `X`. */
type After<X, L extends AnyLayer> = L extends { forward<Y extends X>(input: Y): Y }
  ? X
  : L extends LookingUp<X>
    ? LookedUp<X & Tensor>
    : L extends Layer<never, infer Out>
      ? Out
      : never;

/** What a chain takes: the input of the first layer that asks for some rank. */
export type InputOf<L extends readonly AnyLayer[]> = L extends readonly []
  ? Tensor
  : L extends readonly [infer First extends AnyLayer, ...infer Rest extends readonly AnyLayer[]]
    ? First extends RankKeeping
      ? InputOf<Rest>
      : In<First>
    : In<L[number]>;

/** What a chain puts out when it is given `X`. */
export type OutputOf<L extends readonly AnyLayer[], X = InputOf<L>> = L extends readonly []
  ? X
  : L extends readonly [infer First extends AnyLayer, ...infer Rest extends readonly AnyLayer[]]
    ? OutputOf<Rest, After<X, First>>
    : L extends readonly [...infer Start extends readonly AnyLayer[], infer Last extends AnyLayer]
      ? After<OutputOf<Start, X>, Last>
      : After<X, L[number]>;

/**
 * The chain `L`, in which a layer that does not take what the one before puts out is replaced by what it would have to be.
 * Layers that a spread array brings are not looked at.
 */
export type Fitting<
  L extends readonly AnyLayer[],
  X = InputOf<L>,
  Checked extends readonly AnyLayer[] = [],
> = L extends readonly [infer First extends AnyLayer, ...infer Rest extends readonly AnyLayer[]]
  ? Fitting<Rest, After<X, First>, [...Checked, First extends Layer<X, Tensor> ? First : Layer<X, Tensor>]>
  : [...Checked, ...L];

/**
 * Layers one after the other. Each is named by its place, as in PyTorch: `0.weight`, `2.weight`, …
 *
 * A layer without parameters counts, so `new Sequential(new Linear(…), new ReLU(), new Linear(…))` has `0` and `2`.
 */
export class Sequential<L extends readonly AnyLayer[] = readonly AnyLayer[]>
  extends Module
  implements Layer<InputOf<L>, OutputOf<L>>
{
  readonly [place: number]: AnyLayer;

  constructor(...layers: L & Fitting<L>) {
    super();
    Object.assign(this, layers);
  }

  /** The layers in order. */
  get layers(): readonly AnyLayer[] {
    const fields = Object.entries(this) as [string, AnyLayer][];
    return fields.filter(([place]) => /^\d+$/.test(place)).map(([, layer]) => layer);
  }

  forward<X extends InputOf<L>>(input: X): OutputOf<L, X> {
    const through = (x: Tensor, layer: AnyLayer): Tensor => layer.forward(x as never);
    return tidy(() => {
      const y = this.layers.reduce(through, input as Tensor);
      return y === (input as Tensor) ? clone(y) : y; // the result is the caller's, the input stays
    }) as OutputOf<L, X>;
  }
}
