import {
  div,
  expandDims,
  gather,
  maximum,
  onesLike,
  type Rank,
  reshape,
  scatterND,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { checkOnHost } from "../compile/check-on-host.ts";
import { IndexError } from "../index-error.ts";
import { OptionError } from "../option-error.ts";
import { checkShape } from "../shape-error.ts";
import { defineOp } from "./define-op.ts";
import { flatAddresses } from "./flat-addresses.ts";
import type { Extremes } from "./max.ts";
import { type PerAxis, perAxis } from "./per-axis.ts";
import { checkSameShape } from "../check-same-shape.ts";
import { checkArguments } from "../check-arguments.ts";

/** Where the windows of the pooling were that is undone. */
export interface MaxUnpoolOptions<Axes extends readonly number[] = readonly number[]> {
  /** Default: the kernel size. */
  readonly stride?: PerAxis<Axes>;
  /** Default: 0. */
  readonly padding?: PerAxis<Axes>;
  /** The spatial size of what was pooled, where several sizes pool to the same. Default: the smallest that the windows fill. */
  readonly outputSize?: Axes | undefined;
}

const op = defineOp({
  name: "PellucidMaxUnpool",
  inputs: { values: "float32[batch, value, channel]", indices: "int32[batch, value, channel]" },
  reference: ({ values, indices }, { area }: { readonly area: number }): Tensor3D => {
    const [batch, , channels] = values.shape;
    const to = expandDims(flatAddresses(indices, area), 1); //                       [value, 1]
    const flat = reshape<Rank.R1>(values, [values.size]);
    const size: [number] = [batch * area * channels];
    const [total, times] = [flat, onesLike(flat)].map((x): Tensor1D => scatterND(to, x, size));
    // A number that several windows picked was added as often.
    const y = div(total ?? flat, maximum(times ?? flat, 1));
    return reshape<Rank.R3>(y, [batch, area, channels]);
  },
  gradient: (dy, { values, indices }, { area }) => ({
    values: (): Tensor => reshape(gather(reshape(dy, [dy.size]), flatAddresses(indices, area)), values.shape),
  }),
});

/**
 * Puts maxima back where they were, with zeros elsewhere: `[batch, ...pooled, channel]` -> `[batch, ...size, channel]`.
 *
 * @throws IndexError for an index outside of the output, where reading the indices does not have to wait for a GPU
 * @throws OptionError for an output size that would not pool to this
 */
export function maxUnpool(
  caller: string,
  pooled: Extremes,
  kernelSize: PerAxis,
  options: MaxUnpoolOptions,
  names: readonly string[],
): Tensor {
  checkArguments(caller, { "{ values }": { pooled } });
  const { values, indices } = pooled;
  checkShape(caller, "values", values, ["batch", ...names, "channel"]);
  checkSameShape(caller, { values, indices });
  const sizes = unpooledSize(caller, values.shape.slice(1, -1), kernelSize, options);
  const area = sizeOf(sizes);
  checkInside(caller, indices, area);
  const [batch, channels = 0] = [values.shape[0], values.shape.at(-1)];
  if (values.size === 0) return zeros([batch, ...sizes, channels]);
  return tidy(() => {
    const pooled = sizeOf(values.shape.slice(1, -1));
    const [flat, from] = [values, indices].map((x) => reshape<Rank.R3>(x, [batch, pooled, channels]));
    const y = op({ values: flat as Tensor3D, indices: from as Tensor3D }, { area }); // [batch, pixel, channel]
    return reshape(y, [batch, ...sizes, channels]);
  });
}

function unpooledSize(
  caller: string,
  pooled: readonly number[],
  kernelSize: PerAxis,
  { stride = kernelSize, padding = 0, outputSize }: MaxUnpoolOptions,
): number[] {
  const kernels = perAxis(caller, "kernelSize", kernelSize, pooled.length, 1);
  const strides = perAxis(caller, "stride", stride, pooled.length, 1);
  const paddings = perAxis(caller, "padding", padding, pooled.length, 0);
  const smallest = pooled.map(
    (size, i) => (size - 1) * (strides[i] ?? 1) - 2 * (paddings[i] ?? 0) + (kernels[i] ?? 1),
  );
  if (outputSize === undefined) return smallest;
  const sizes = perAxis(caller, "outputSize", outputSize, pooled.length, 1);
  const fits = sizes.every((size, i) => Math.abs(size - (smallest[i] ?? 0)) < (strides[i] ?? 1));
  if (fits) return sizes;
  const near = `[${smallest.join(", ")}], each by less than the stride`;
  throw new OptionError(caller, "outputSize", `[${sizes.join(", ")}]`, `a size that differs from ${near}`);
}

function checkInside(caller: string, indices: Tensor, area: number): void {
  checkOnHost(indices, (values) => {
    for (let i = 0; i < values.length; i++) {
      const index = values[i] ?? 0;
      if (index >= 0 && index < area) continue;
      const poolingName = caller.replace("Unpool", "Pool");
      throw new IndexError(
        `${caller}: indices[${i}] is ${index}, expected 0 to ${area - 1}. Take the indices from ${poolingName}WithIndices, and pass outputSize ` +
          "where the input was larger than its windows.",
      );
    }
  });
}
