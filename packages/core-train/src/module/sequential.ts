import { clone, type Tensor } from "@tensorflow/tfjs-core";
import type { LookedUp } from "../op/embedding.ts";
import { leaves } from "../struct/leaves.ts";
import { mapLeaves } from "../struct/map-leaves.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import type { Layer } from "./layer.ts";
import { Module } from "./module.ts";

/** A layer in a chain, of any input and output. */
export type AnyLayer = Layer<never, unknown>;

/** A layer whose output has the type of its input, of any rank: an activation, a norm, dropout, `Linear`. */
interface RankKeeping {
  forward<X extends Tensor>(input: X): X;
}

/** An embedding, which adds an axis to indices of any rank. */
interface LookingUp<X> {
  forward<Y extends X & Tensor>(indices: Y): LookedUp<Y>;
}

/** The input of a layer. */
type In<L extends AnyLayer> = L extends Layer<infer X, unknown> ? X : never;

/** The output of a layer for the input `X`. */
type After<X, L extends AnyLayer> = L extends { forward<Y extends X>(input: Y): Y }
  ? X
  : L extends LookingUp<X>
    ? LookedUp<X & Tensor>
    : L extends Layer<never, infer Out>
      ? Out
      : never;

/** The input of a chain: that of its first layer that asks for a rank or a structure. */
export type InputOf<L extends readonly AnyLayer[]> = L extends readonly []
  ? Tensor
  : L extends readonly [infer First extends AnyLayer, ...infer Rest extends readonly AnyLayer[]]
    ? First extends RankKeeping
      ? InputOf<Rest>
      : In<First>
    : In<L[number]>;

/** The output of a chain for the input `X`. */
export type OutputOf<L extends readonly AnyLayer[], X = InputOf<L>> = L extends readonly []
  ? X
  : L extends readonly [infer First extends AnyLayer, ...infer Rest extends readonly AnyLayer[]]
    ? OutputOf<Rest, After<X, First>>
    : L extends readonly [...infer Start extends readonly AnyLayer[], infer Last extends AnyLayer]
      ? After<OutputOf<Start, X>, Last>
      : After<X, L[number]>;

/**
 * The chain `L`, in which a layer that does not take the output of the previous one is replaced by the layer it would have to be.
 * Layers from a spread array are not checked.
 */
export type Fitting<
  L extends readonly AnyLayer[],
  X = InputOf<L>,
  Checked extends readonly AnyLayer[] = [],
> = L extends readonly [infer First extends AnyLayer, ...infer Rest extends readonly AnyLayer[]]
  ? Fitting<Rest, After<X, First>, [...Checked, First extends Layer<X, unknown> ? First : Layer<X, unknown>]>
  : [...Checked, ...L];

/**
 * Layers one after the other. A layer may take and give records; the next one must take what it gives. Each is named by its position, as in
 * PyTorch: `0.weight`, `2.weight`, …
 *
 * A layer without parameters counts, so `new Sequential(new Linear(…), new ReLU(), new Linear(…))` has `0` and `2`.
 */
export class Sequential<L extends readonly AnyLayer[] = readonly AnyLayer[]>
  extends Module
  implements Layer<InputOf<L>, OutputOf<L>>
{
  readonly [position: number]: AnyLayer;

  constructor(...layers: L & Fitting<L>) {
    super();
    Object.assign(this, layers);
  }

  /** The layers in order. */
  get layers(): readonly AnyLayer[] {
    const fields = Object.entries(this) as [string, AnyLayer][];
    return fields.filter(([position]) => /^\d+$/.test(position)).map(([, layer]) => layer);
  }

  forward<X extends InputOf<L>>(input: X): OutputOf<L, X> {
    const through = (x: unknown, layer: AnyLayer): unknown => layer.forward(x as never);
    return tidyLeaves(() => {
      const output = this.layers.reduce(through, input);
      const borrowed = leaves(input);
      return mapLeaves(output, (y) => (borrowed.includes(y) ? clone(y) : y)); // the result is the caller's
    }) as OutputOf<L, X>;
  }
}
