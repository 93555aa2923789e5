import {
  add,
  concat,
  gather,
  type Rank,
  reshape,
  scalar,
  squeeze,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { noGrad } from "../no-grad.ts";
import { OptionError } from "../option-error.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape, ShapeError } from "../shape-error.ts";
import { flatAddresses } from "./flat-addresses.ts";
import { type Extremes, max } from "./max.ts";
import { type PerAxis, perAxis } from "./per-axis.ts";
import { takeUnchecked } from "./take-unchecked.ts";

/** Options for fractional max-pooling: give `outputSize` or `outputRatio`. */
export interface FractionalMaxPoolOptions<Axes extends readonly number[] = readonly number[]> {
  /** Random generator for where the windows are. */
  readonly rng: Rng;
  /** The size of the output. */
  readonly outputSize?: PerAxis<Axes>;
  /** The size of the output as a part of the input's, between 0 and 1; sizes are rounded down. */
  readonly outputRatio?: PerAxis<Axes>;
}

/**
 * The largest number of each window, where windows are placed at random, one sequence for each axis of each channel of each example.
 *
 * @returns the maxima, and the index of each in its plane
 */
export function fractionalMaxPool(
  caller: string,
  x: Tensor,
  kernelSize: PerAxis,
  options: FractionalMaxPoolOptions,
  names: readonly string[],
): Extremes {
  checkShape(caller, "x", x, ["batch", ...names, "channel"]);
  const inputs = x.shape.slice(1, -1);
  const kernels = perAxis(caller, "kernelSize", kernelSize, names.length, 1);
  const outputs = outputSizes(caller, inputs, options);
  inputs.forEach((input, i) => {
    const [kernel = 1, output = 1] = [kernels[i], outputs[i]];
    if (kernel + output - 1 <= input) return;
    const needed = `${kernel + output - 1} of ${names[i]}, for ${output} windows of ${kernel}`;
    throw new ShapeError(`${caller}: x is [${x.shape.join(", ")}], expected at least ${needed}.`);
  });
  const [batch, channels = 0] = [x.shape[0], x.shape.at(-1)];
  const shape = [batch, ...outputs, channels];
  const { data: samples } = options.rng.rand([batch, channels, names.length]);
  if (sizeOf(shape) === 0) return { values: zeros(shape), indices: zeros(shape, "int32") };
  return tidy(() => {
    const [windows, pooled] = [sizeOf(kernels), sizeOf(outputs)];
    const planes = noGrad(() => {
      // Along height and width PyTorch draws for the width first; with a depth, in order.
      const drawn = inputs.map((_, i) => (inputs.length === 2 ? 1 - i : i));
      const corners = inputs.map((input, i) => {
        const [output = 1, kernel = 1, axis = 0] = [outputs[i], kernels[i], drawn[i]];
        const span = sizeOf(inputs.slice(i + 1));
        const starts = new Int32Array(batch * output * channels);
        for (let plane = 0; plane < batch * channels; plane++) {
          const [example, channel] = [Math.floor(plane / channels), plane % channels];
          const sequence = windowStarts(samples[plane * inputs.length + axis] ?? 0, input, output, kernel);
          sequence.forEach((start, at) => {
            starts[(example * output + at) * channels + channel] = start * span;
          });
        }
        const size = outputs.map((n, j) => (j === i ? n : 1));
        return tensor<Rank>(starts, [batch, ...size, channels], "int32");
      });
      const corner = corners.reduce((sum, start) => add(sum, start)); //              [batch, ...size, channel]
      const first = reshape(corner, [batch, 1, pooled, channels]);
      const positions = offsets(kernels, inputs).map((offset) => add(first, scalar(offset, "int32")));
      return concat(positions, 1); //                                                 [batch, window, pooled, channel]
    });
    const all = reshape<Rank.R3>(planes, [batch, windows * pooled, channels]);
    const read = gather(
      reshape(x, [x.size]),
      noGrad(() => flatAddresses(all, sizeOf(inputs))),
    );
    const { values, indices } = max(reshape(read, [batch, windows, pooled, channels]), 1, true);
    const index = noGrad(() => squeeze(takeUnchecked(planes, indices, 1), [1])); //   [batch, pooled, channel]
    return { values: reshape(values, shape), indices: reshape(index, shape) };
  });
}

/** Where the windows along one axis start, in the 32 bits in which PyTorch rounds. Graham, 2014, chapter 2.1, with a common offset. */
function windowStarts(sample: number, input: number, output: number, kernel: number): number[] {
  const alpha = Math.fround((input - kernel) / (output - 1));
  const first = Math.trunc(Math.fround(sample * alpha));
  return Array.from({ length: output }, (_, i) =>
    i === output - 1 ? input - kernel : Math.trunc(Math.fround(Math.fround(i + sample) * alpha)) - first,
  );
}

/** Where each position of a window is in the plane, from its first one, row-major. */
function offsets(kernels: readonly number[], inputs: readonly number[]): number[] {
  return kernels.reduce<number[]>(
    (found, kernel, i) =>
      found.flatMap((start) => Array.from({ length: kernel }, (_, at) => start * (inputs[i] ?? 1) + at)),
    [0],
  );
}

function outputSizes(
  caller: string,
  inputs: readonly number[],
  { outputSize, outputRatio }: FractionalMaxPoolOptions,
): number[] {
  if (outputSize !== undefined && outputRatio === undefined) {
    return perAxis(caller, "outputSize", outputSize, inputs.length, 1);
  }
  if (outputRatio === undefined || outputSize !== undefined) {
    throw new OptionError(caller, "outputSize", outputSize, "either outputSize or outputRatio");
  }
  const ratios = typeof outputRatio === "number" ? inputs.map(() => outputRatio) : outputRatio;
  if (ratios.length !== inputs.length || ratios.some((ratio) => !(ratio > 0 && ratio < 1))) {
    throw new OptionError(
      caller,
      "outputRatio",
      outputRatio,
      "a number between 0 and 1, or one for each axis",
    );
  }
  return inputs.map((input, i) => Math.trunc(input * (ratios[i] ?? 1)));
}
