import {
  type Buffer,
  checkChoice,
  checkFinite,
  checkOptions,
  checkProbabilities,
  OptionError,
  roundHalfEven,
  sort,
  stateBuffer,
} from "@pellucid/core-train";
import {
  add,
  cast,
  fill,
  mul,
  type Rank,
  reshape,
  stack,
  sub,
  type Tensor,
  tensor2d,
  type Tensor2D,
  where,
} from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { countsOf } from "../propagate/segment.ts";
import { Aggregation } from "./aggregation.ts";
import { asTable, denseGroups, longestGroup } from "./dense-groups.ts";

/** How to take a quantile that lies between two values. */
export type QuantileInterpolation = "linear" | "lower" | "higher" | "nearest" | "midpoint";

/** Options for {@link QuantileAggregation}. */
export interface QuantileAggregationOptions {
  /** Default: `"linear"`. */
  readonly interpolation?: QuantileInterpolation;
  /** What an empty group gives. Default: 0. */
  readonly fillValue?: number;
}

const INTERPOLATIONS = ["linear", "lower", "higher", "nearest", "midpoint"] as const;

/** The quantile `q` of each group, by feature; with several `q`, `[group, feature · q]`, those of one feature side by side. */
export class QuantileAggregation extends Aggregation {
  /** The quantiles, `[q, 1]`. */
  readonly q: Buffer<Rank.R2>;
  readonly interpolation: QuantileInterpolation;
  readonly fillValue: number;

  constructor(q: number | readonly number[], options: QuantileAggregationOptions = {}) {
    super();
    const caller = new.target.name;
    checkOptions(caller, options, ["interpolation", "fillValue"]);
    const { interpolation = "linear", fillValue = 0 } = options;
    if (typeof q !== "number" && !Array.isArray(q))
      throw new OptionError(caller, "q", typeof q, "a quantile or an array of them");
    const quantiles = typeof q === "number" ? [q] : [...q];
    if (quantiles.length === 0) throw new OptionError(caller, "q", "[]", "one quantile or more");
    for (const value of quantiles) checkProbabilities(caller, { q: value });
    checkChoice(caller, "interpolation", interpolation, INTERPOLATIONS);
    checkFinite(caller, { fillValue });
    this.q = stateBuffer({ data: Float32Array.from(quantiles), shape: [quantiles.length, 1] });
    this.interpolation = interpolation;
    this.fillValue = fillValue;
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    const table = asTable(x);
    const quantiles = Array.from(this.q.dataSync());
    const [rows, features] = table.shape;
    const shape = [size, ...x.shape.slice(1)];
    if (rows === 0 || size === 0) return this.#joined(quantiles.map(() => fill(shape, this.fillValue)));
    const sorted = sort(denseGroups(table, groups, size, Infinity), 1).values; // [group, longest, feature]
    const flat = reshape(sorted, [size * longestGroup(groups, size), features]) as Tensor2D;
    const found = quantiles.map((q) => reshape(this.#pick(flat, q, groups, size), shape));
    return this.#joined(found);
  }

  override outChannels(inChannels: number): number {
    return inChannels * this.q.size;
  }

  #pick(sorted: Tensor2D, q: number, groups: EdgeList, size: number): Tensor2D {
    const { interpolation, fillValue } = this;
    const counts = countsOf(groups, size);
    const longest = longestGroup(groups, size);
    const points = Float32Array.from(counts, (count) => q * (count - 1));
    const at = (round: (n: number) => number) =>
      gatherRows(
        sorted,
        Int32Array.from(points, (point, i) => i * longest + Math.max(0, round(point))),
      );
    const isEmpty = tensor2d(
      Array.from(counts, (count) => (count === 0 ? 1 : 0)),
      [size, 1],
    );
    const value = () => {
      if (interpolation === "lower") return at(Math.floor);
      if (interpolation === "higher") return at(Math.ceil);
      if (interpolation === "nearest") return at(roundHalfEven);
      const [low, high] = [finite(at(Math.floor), isEmpty), finite(at(Math.ceil), isEmpty)];
      const share =
        interpolation === "midpoint"
          ? 0.5
          : tensor2d(
              points.map((n) => n - Math.floor(n)),
              [size, 1],
            );
      return add(low, mul(sub(high, low), share));
    };
    return where(cast(isEmpty, "bool"), fill([size, sorted.shape[1]], fillValue), value() as Tensor2D);
  }

  #joined(found: readonly Tensor[]): Tensor {
    const [first] = found;
    if (found.length === 1 && first !== undefined) return first;
    const [size = 0, ...rest] = first?.shape ?? [];
    const all = stack([...found], 1); // [group, quantile, feature]
    return reshape(all, [size, found.length * (rest[0] ?? 1), ...rest.slice(1)]);
  }
}

/** 0 where a group is empty, so that no infinity takes part. */
function finite(x: Tensor2D, isEmpty: Tensor2D): Tensor2D {
  return where(cast(isEmpty, "bool"), fill(x.shape, 0), x) as Tensor2D;
}

/** Options for {@link MedianAggregation}. */
export interface MedianAggregationOptions {
  /** What an empty group gives. Default: 0. */
  readonly fillValue?: number;
}

/** The median of each group, by feature: of an even number the lower of the two in the middle. */
export class MedianAggregation extends QuantileAggregation {
  constructor(options: MedianAggregationOptions = {}) {
    checkOptions("MedianAggregation", options, ["fillValue"]);
    super(0.5, { ...options, interpolation: "lower" });
  }
}
