import { type TensorInfo, UnsortedSegmentSum } from "@tensorflow/tfjs-core";
import { type CpuKernel, defineCpuKernel } from "../cpu/define-cpu-kernel.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly x: TensorInfo;
  readonly segmentIds: TensorInfo;
}

/** The sum of the rows of each segment. tfjs' own goes through all rows once for each segment, and in 32 bits. */
export const unsortedSegmentSum: readonly CpuKernel[] = [
  defineCpuKernel<Inputs, { readonly numSegments: number }>(
    UnsortedSegmentSum,
    (numbersOf, { x, segmentIds }, { numSegments }) => {
      const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
      const size = shape.slice(1).reduce((product, length) => product * length, 1);
      const numbers = numbersOf(x);
      const sums = new (x.dtype === "int32" ? Int32Array : Float64Array)(numSegments * size);
      for (const [row, segment] of numbersOf(segmentIds).entries()) {
        if (segment < 0 || segment >= numSegments) continue;
        for (let i = 0; i < size; i++) {
          const to = segment * size + i;
          sums[to] = (sums[to] as number) + (numbers[row * size + i] as number);
        }
      }
      return { numbers: sums instanceof Int32Array ? sums : Float32Array.from(sums), shape };
    },
  ),
];
