import { LabelError } from "../loss/label-error.ts";
import { type HostBatch, isHostTensor } from "../data/host-batch.ts";
import type { HostTensor } from "../host-tensor.ts";
import { OptionError } from "../option-error.ts";
import { ShapeError } from "../shape-error.ts";

/** Images with their labels, on the host: what {@link collate} makes of `{ x, y }`. */
export interface LabeledBatch<Y extends HostTensor = HostTensor> {
  /** `[batch, height, width, channel]` */
  readonly x: HostTensor<Float32Array> & {
    readonly shape: readonly [batch: number, height: number, width: number, channel: number];
  };
  /** `[batch]` labels, or `[batch, class]` probabilities. */
  readonly y: Y;
}

/** A batch whose labels are shared between classes: a target for {@link crossEntropy}. */
export type MixedBatch = LabeledBatch<
  HostTensor<Float32Array> & { readonly shape: readonly [batch: number, classes: number] }
>;

/** A batch as {@link collate} gives it, which is known to hold `{ x, y }` when it is looked at. */
export type CollatedBatch = LabeledBatch | HostBatch;

/** How images are mixed. */
export interface MixOptions {
  /** How evenly: the larger, the nearer to halves; 1 for any part equally often. Default: 1. */
  readonly alpha?: number;
  /** How many classes there are, if labels are to be mixed and not probabilities. */
  readonly classes?: number;
}

/** Throws an {@link OptionError} unless `alpha` is above 0. */
export function checkAlpha(caller: string, alpha: number): void {
  if (!(alpha > 0)) throw new OptionError(caller, "alpha", alpha, "a number above 0");
}

/** What a batch holds; throws a {@link ShapeError} unless it is images with labels. */
export function labeledOf(caller: string, batch: CollatedBatch): LabeledBatch {
  const { x, y } = batch as Partial<Record<"x" | "y", HostBatch>>;
  const isRight =
    isHostTensor(x) && isHostTensor(y) && x.data instanceof Float32Array && x.shape.length === 4;
  if (isRight) return batch as LabeledBatch;
  const found = isHostTensor(x) ? `${x.data.constructor.name} [${x.shape.join(", ")}]` : typeof x;
  throw new ShapeError(
    `${caller}: x is ${found}, expected { x, y } with images [batch, height, width, channel] of float32. See toFloat.`,
  );
}

/** The class probabilities of each image, mixed with those of the image before it, of the first with the last. */
export function mixLabels(
  caller: string,
  { x, y }: LabeledBatch,
  own: number,
  classes: number | undefined,
): MixedBatch["y"] {
  const [batch] = x.shape;
  const probabilities = y.shape.length === 2 ? y : oneHot(caller, y, classes);
  const [rows, width] = probabilities.shape as readonly [number, number];
  if (rows !== batch) {
    throw new ShapeError(
      `${caller}: y is [${y.shape.join(", ")}], expected [${batch}] or [${batch}, class].`,
    );
  }
  const data = Float32Array.from(
    probabilities.data as ArrayLike<number>,
    (p, i) => own * p + (1 - own) * (probabilities.data.at(i - width) ?? NaN),
  );
  return { data, shape: [batch, width] };
}

function oneHot(
  caller: string,
  { data, shape }: HostTensor,
  classes: number | undefined,
): HostTensor<Float32Array> {
  if (shape.length !== 1)
    throw new ShapeError(`${caller}: y is [${shape.join(", ")}], expected [batch] or [batch, class].`);
  if (classes === undefined)
    throw new OptionError(caller, "classes", classes, "the number of classes, since y has labels");
  const result = new Float32Array(data.length * classes);
  for (const [i, label] of data.entries()) {
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new LabelError(`${caller}: y[${i}] is ${label}, expected a class from 0 to ${classes - 1}.`);
    }
    result[i * classes + label] = 1;
  }
  return { data: result, shape: [data.length, classes] };
}
