import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * What goes into a model and comes out of it: a tensor, or a list or record of structures. A graph, an image with its time, a text
 * with its lengths, boxes with their scores are records.
 *
 * Functions do not ask for `X extends Struct`: TypeScript gives an interface no index signature, so an interface or a class would
 * be refused. They ask for {@link Structured} of the type itself, and take every type whose fields are structures or host values:
 *
 * ```ts
 * interface GraphBatch { readonly x: Tensor2D; readonly edgeIndex: Tensor2D }
 *
 * function capture<Y extends Structured<Y>>(layer: Layer<never, Y>, body: () => unknown): Y;
 * ```
 *
 * A structure may also hold host values, which pass through unchanged: numbers, strings, booleans, `null`, `undefined` and typed
 * arrays. Functions, `Map`, `Set` and promises are refused, by the compiler and by a {@link StructError}.
 */
export type Struct = Tensor | readonly Struct[] | { readonly [name: string]: Struct };

/** The constraint of a type parameter that must be a structure: `<X extends Structured<X>>`. See {@link Struct}. */
export type Structured<X> = Tensor | HostValue | { readonly [Name in keyof X]: Field<X[Name]> };

/** What a structure may hold besides tensors. */
export type HostValue = number | string | boolean | bigint | null | undefined | ArrayBufferView;

type Field<F> = unknown extends F
  ? F
  : F extends Tensor | HostValue
    ? F
    : F extends Refused
      ? "A structure holds tensors, host values, lists and records: no functions, maps, sets or promises."
      : Structured<F>;

type Refused =
  | ((...inputs: never[]) => unknown)
  | symbol
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | PromiseLike<unknown>;
