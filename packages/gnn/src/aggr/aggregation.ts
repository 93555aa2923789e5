import { checkSizes, type Layer, Module } from "@pellucid/core-train";
import { type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { groupCount, groupsOf } from "../propagate/groups.ts";

/** Rows and the group of each: messages and their targets, or nodes and their graphs. */
export interface Grouped {
  /** `[row, feature]`; most aggregations take more axes. */
  readonly x: Tensor;
  /** The group of each row, int32 `[row]`, in any order. */
  readonly index: Tensor1D;
  /** How many groups there are. Default: one more than the last of `index`. */
  readonly size?: number | undefined;
}

/** Makes one row of the rows of each group, in the order of which nothing depends but for {@link LSTMAggregation}. */
export abstract class Aggregation extends Module implements Layer<Grouped, Tensor> {
  /**
   * @returns `[group, feature]`
   * @throws {ShapeError} If there is not one index for each row.
   * @throws {IndexError} If a group does not exist.
   */
  forward({ x, index, size }: Grouped): Tensor {
    const caller = this.constructor.name;
    const groupSize = size ?? groupCount(caller, index);
    checkSizes(caller, { size: groupSize }, 0);
    const groups = groupsOf(caller, index, x.shape[0] ?? 0, groupSize);
    return tidy(() => this.reduce(x, groups, groupSize));
  }

  /** {@link forward} of groups that are checked: `groups` leads from rows to groups. */
  abstract reduce(x: Tensor, groups: EdgeList, size: number): Tensor;

  /** How many features come out, of so many. */
  outChannels(inChannels: number): number {
    return inChannels;
  }
}
