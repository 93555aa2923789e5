import type { Rank, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import type { HostData } from "../host-tensor.ts";

/** Typed arrays that items may hold. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/**
 * The batch that {@link collate} makes of items of a type: a number becomes `[batch]`, an array of numbers `[batch, n]`,
 * `{ data, shape }` `[batch, …shape]`; records, instances of classes and tuples become records and tuples of batches.
 */
export type BatchOf<Item> = Item extends number
  ? Tensor1D
  : Item extends string
    ? string[]
    : Item extends { readonly data: HostData; readonly shape: infer Shape }
      ? Stacked<Shape>
      : Item extends NumberArray | readonly number[]
        ? Tensor2D
        : { [Key in keyof Item]: BatchOf<Item[Key]> };

/** The batch that is made of what a collate function returns: each `{ data, shape }` becomes a tensor, all else stays. */
export type TensorsOf<Host> = Host extends { readonly data: HostData; readonly shape: infer Shape }
  ? OfShape<Shape>
  : Host extends readonly string[] | NumberArray | Tensor
    ? Host
    : { [Key in keyof Host]: TensorsOf<Host[Key]> };

type Stacked<Shape> = Shape extends readonly unknown[] ? OfShape<readonly [number, ...Shape]> : never;

type OfShape<Shape> = Shape extends readonly [unknown]
  ? Tensor1D
  : Shape extends readonly [unknown, unknown]
    ? Tensor2D
    : Shape extends readonly [unknown, unknown, unknown]
      ? Tensor3D
      : Shape extends readonly [unknown, unknown, unknown, unknown]
        ? Tensor4D
        : Shape extends readonly [unknown, unknown, unknown, unknown, unknown]
          ? Tensor5D
          : Shape extends readonly [unknown, unknown, unknown, unknown, unknown, unknown]
            ? Tensor<Rank.R6>
            : Tensor;
