import { checkSizes } from "../check-values.ts";
import {
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { checkShape } from "../shape-error.ts";
import { channelsFirst, channelsLast } from "./channels-first.ts";
import { checkArguments } from "../check-arguments.ts";

/** A batch of examples of a shape. */
export type Unflattened<Shape extends readonly number[]> = Shape extends readonly [number]
  ? Tensor2D
  : Shape extends readonly [number, number]
    ? Tensor3D
    : Shape extends readonly [number, number, number]
      ? Tensor4D
      : Shape extends readonly [number, number, number, number]
        ? Tensor5D
        : Tensor;

/**
 * The inverse of {@link flatten}: `[batch, size] -> [batch, ...shape]`.
 *
 * Images and volumes have PyTorch's order, channel by channel.
 *
 * @param shape of one example, in our layout: `[height, width, channel]` for images
 */
export function unflatten<const Shape extends readonly number[]>(
  x: Tensor2D,
  shape: Shape,
): Unflattened<Shape> {
  checkArguments("unflatten", { "size[]": { shape } });
  checkShape("unflatten", "x", x, ["batch", sizeOf(shape)]);
  return tidy(() => {
    const size = [x.shape[0], ...shape];
    if (x.size === 0) return reshape(x, size) as Unflattened<Shape>; // on WASM, transpose would divide by zero
    const theirs = channelsFirst(size.length).map((axis) => size[axis] ?? 1);
    return transpose(reshape(x, theirs), channelsLast(size.length)) as Unflattened<Shape>;
  });
}

/** {@link unflatten} as a layer. It unflattens the second axis; PyTorch's layer can unflatten any. */
export class Unflatten<const Shape extends readonly number[]>
  extends Module
  implements Layer<Tensor2D, Unflattened<Shape>>
{
  readonly shape: Shape;

  /** @param shape of one example, in our layout: `[height, width, channel]` for images */
  constructor(shape: Shape) {
    checkArguments("Unflatten", { array: { shape } });
    super();
    for (const size of shape) checkSizes("Unflatten", { shape: size });
    this.shape = shape;
  }

  /**
   * @param x `[batch, size]`
   * @returns `[batch, ...shape]`
   */
  forward(x: Tensor2D): Unflattened<Shape> {
    checkShape(`Unflatten(${this.shape.join(", ")})`, "x", x, ["batch", sizeOf(this.shape)]);
    return unflatten(x, this.shape);
  }
}
