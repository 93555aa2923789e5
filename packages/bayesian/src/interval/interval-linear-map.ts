import { abs, maximum, minimum } from "@pellucid/core-train";
import {
  add,
  backend,
  expandDims,
  mul,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Interval } from "./interval.ts";
import { roundDown, roundUp } from "./round-outward.ts";

/** Bounds of `x w + b`, whose every product is the least and the greatest of four. `[batch, out]` */
export function intervalLinearMap(
  x: Interval<Tensor2D>,
  weight: Interval<Tensor2D>,
  bias: Interval<Tensor1D> | null,
  isExact: boolean,
): Interval<Tensor2D> {
  return isExact && isOnHost() ? onHost(x, weight, bias) : onTensors(x, weight, bias);
}

/** Differentiable; widened by a bound of the rounding errors of 32 bits. */
function onTensors(
  x: Interval<Tensor2D>,
  weight: Interval<Tensor2D>,
  bias: Interval<Tensor1D> | null,
): Interval<Tensor2D> {
  return tidy(() => {
    const [lowX, highX] = [expandDims(x.lower, 2), expandDims(x.upper, 2)]; //   [batch, in, 1]
    const products = [lowX, highX].flatMap((each) => [mul(each, weight.lower), mul(each, weight.upper)]); // [batch, in, out]
    const [least, greatest] = [
      products.reduce((a, b) => minimum(a, b)),
      products.reduce((a, b) => maximum(a, b)),
    ];
    const terms = (weight.lower.shape[0] ?? 0) + 2;
    const unit = 2 ** -24;
    const size = sum(maximum(abs(least), abs(greatest)), 1); //                  [batch, out]
    const error = mul(
      bias === null ? size : add(size, maximum(abs(bias.lower), abs(bias.upper))),
      (2 * terms * unit) / (1 - terms * unit),
    );
    const total = (products: typeof least, b: Tensor1D | undefined) =>
      b === undefined ? sum(products, 1) : add(sum(products, 1), b);
    return {
      lower: sub<Tensor2D>(total(least, bias?.lower), error),
      upper: add<Tensor2D>(total(greatest, bias?.upper), error),
    };
  });
}

/** In 64 bits, rounded outward to 32: sound, and within one unit of the last digit of the true bounds. */
function onHost(
  x: Interval<Tensor2D>,
  weight: Interval<Tensor2D>,
  bias: Interval<Tensor1D> | null,
): Interval<Tensor2D> {
  const [batch, features] = x.lower.shape;
  const [, outputs] = weight.lower.shape;
  const [xl, xu, wl, wu] = [x.lower, x.upper, weight.lower, weight.upper].map((tensor) =>
    tensor.dataSync(),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const [bl, bu] = [bias?.lower.dataSync(), bias?.upper.dataSync()];
  const [lower, upper] = [new Float32Array(batch * outputs), new Float32Array(batch * outputs)];
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outputs; o++) {
      let [low, high, size] = [
        bl?.[o] ?? 0,
        bu?.[o] ?? 0,
        Math.max(Math.abs(bl?.[o] ?? 0), Math.abs(bu?.[o] ?? 0)),
      ];
      for (let i = 0; i < features; i++) {
        const [a, b] = [xl[n * features + i] ?? NaN, xu[n * features + i] ?? NaN];
        const [c, d] = [wl[i * outputs + o] ?? NaN, wu[i * outputs + o] ?? NaN];
        const [p, q, r, s] = [a * c, a * d, b * c, b * d]; // exact: products of 32 bits fit into 64
        const [least, greatest] = [Math.min(p, q, r, s), Math.max(p, q, r, s)];
        low += least;
        high += greatest;
        size += Math.max(Math.abs(least), Math.abs(greatest));
      }
      const error = size * (features + 1) * 2 ** -52;
      lower[n * outputs + o] = roundDown(low - error);
      upper[n * outputs + o] = roundUp(high + error);
    }
  return { lower: tensor2d(lower, [batch, outputs]), upper: tensor2d(upper, [batch, outputs]) };
}

/** Whether reading tensors does not wait for a graphics card. */
function isOnHost(): boolean {
  const { uploadToGPU, isGPUPackage } = backend() as { uploadToGPU?: unknown; isGPUPackage?: unknown };
  return uploadToGPU === undefined && isGPUPackage !== true;
}
