import { reshape, type Tensor } from "@tensorflow/tfjs-core";
import { inOrder, OnnxValue } from "./onnx-value.ts";

/** Runs what works along axes on a value in the order in which it is there. */
export function alongAxes(
  value: OnnxValue,
  run: (x: Tensor, axisOf: (axis: number) => number) => Tensor,
): OnnxValue {
  const { axes } = value;
  return OnnxValue.of(
    run(value.permuted(axes), (axis) => axes.indexOf(axis)),
    axes,
  );
}

/** Runs what works number by number, and broadcasts, in the order of axes in which the first full input is there. */
export function elementwise(values: readonly OnnxValue[], run: (...inputs: Tensor[]) => Tensor): OnnxValue {
  const rank = Math.max(0, ...values.map((value) => value.rank));
  const own = inOrder(rank);
  const full = values.filter((value) => value.rank === rank && value.numbers === null);
  const { axes } = full.find((value) => value.axes.join() !== own.join()) ?? { axes: own };
  const inputs = values.map((value) => {
    const { shape } = value;
    if (shape.length === rank) return value.permuted(axes);
    if (shape.every((size) => size === 1) || axes === own) return value.tensor;
    const wide = reshape(value.tensor, [...own.slice(shape.length).map(() => 1), ...shape]);
    return OnnxValue.of(wide).permuted(axes);
  });
  return OnnxValue.of(run(...inputs), axes);
}
