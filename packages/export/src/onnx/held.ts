import type { HostTensor } from "@pellucid/core-train";

/** A value of a trace in the ONNX graph, in one or more layouts: each form has a name there once it is needed. */
export interface Held {
  readonly name: string;
  readonly dtype: "float32" | "int32" | "bool";
  /** Each size is fixed or has a name. */
  readonly shape: readonly (number | string)[];
  /** The name of the form with channels last, as in the trace. */
  last?: string;
  /** The name of the form with channels first, `[batch, channel, …]`, as ONNX's convolutions have it. */
  first?: string;
  /**
   * What it is with axes flattened: rows of it `[row, channel]`, tables `[batch, position, channel]`, or all of it. Ops that work row by row take
   * that instead, so that nothing is reshaped.
   */
  readonly flatOf?: Held;
  /** The numbers of a parameter or constant. */
  readonly known?: HostTensor;
  /** What was added to give it, where both are known. */
  readonly terms?: readonly [Held, Held];
  /** The one number in every element. */
  readonly fill?: number;
  /** Writes the form with channels last, when it is first needed. */
  readonly make?: () => string;
  /** `x W + b`, which a recurrent layer takes apart. */
  readonly linear?: { readonly x: Held; readonly weight: Held; readonly bias: Held | null };
}

/** `[batch, height, width, channel]` -> `[batch, channel, height, width]`, of any rank from 3 on. */
export function channelsFirst(rank: number): readonly number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)];
}

/** The inverse of {@link channelsFirst}. */
export function channelsLast(rank: number): readonly number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

/** The axis with channels first that `axis` is with channels last. */
export function axisInFirst(axis: number, rank: number): number {
  return channelsFirst(rank).indexOf(axis);
}
