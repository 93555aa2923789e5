import {
  checkPositive,
  checkRng,
  checkSizes,
  type DotProductAttention,
  headSize,
  type KeyValues,
  localMask,
  mergeHeads,
  OptionError,
  type Rng,
  rotary,
  type Step,
} from "@pellucid/core-train";
import { type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkRopeScaling, type RopeOptions, ropeRates, type RopeScaling } from "./rope-scaling.ts";

/** Options of an attention with rotary positions, in which several heads of queries may share one of keys and values. */
export interface RotaryHeadsOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The number of heads of keys and values; 1 is multi-query attention. Default: that of the queries. */
  readonly numKeyValueHeads?: number;
  /** Features of a head. Default: those of the input, divided among the heads. */
  readonly headDim?: number;
  /** The base of {@link rotary}. Default: 10000. */
  readonly ropeTheta?: number;
  /** How positions are stretched for longer texts. Default: not. */
  readonly ropeScaling?: RopeScaling | null;
  /** The part of each head's features that is rotated, from the first. Default: 1. */
  readonly partialRotaryFactor?: number;
  /** The context length, which some scalings depend on. Default: 2048. */
  readonly maxPositionEmbeddings?: number;
  /** How many tokens each attends to, itself and those before it; `null`: all. Default: null. */
  readonly slidingWindow?: number | null;
}

/** {@link RotaryHeadsOptions} with the defaults filled in. */
export interface RotaryHeads {
  readonly heads: number;
  readonly groups: number;
  readonly headDim: number;
  /** Features of a head that are rotated. */
  readonly rotated: number;
  readonly slidingWindow: number | null;
  readonly rope: RopeOptions;
}

/** @throws {OptionError} If options are invalid, or heads do not divide. */
export function rotaryHeads(
  caller: string,
  width: number,
  heads: number,
  options: RotaryHeadsOptions,
): RotaryHeads {
  checkRng(caller, options);
  checkSizes(caller, { width, heads });
  const { numKeyValueHeads: groups = heads, slidingWindow = null, partialRotaryFactor = 1 } = options;
  const { ropeTheta = 10_000, ropeScaling = null, maxPositionEmbeddings = 2048 } = options;
  const headDim = options.headDim ?? headSize(caller, width, heads);
  checkSizes(caller, { headDim, maxPositionEmbeddings });
  checkPositive(caller, { ropeTheta });
  const rotated = rotatedFeatures(caller, headDim, partialRotaryFactor);
  checkRopeScaling(caller, ropeScaling, rotated);
  if (slidingWindow !== null) checkSizes(caller, { slidingWindow });
  if (!Number.isInteger(groups) || groups < 1 || heads % groups !== 0)
    throw new OptionError(caller, "numKeyValueHeads", groups, `a divisor of the ${heads} heads`);
  const rope = { ropeTheta, ropeScaling, maxPositionEmbeddings };
  return { heads, groups, headDim, rotated, slidingWindow, rope };
}

/**
 * Features of a head that are rotated.
 *
 * @throws {OptionError} If their number is not even, or the factor not between 0 and 1.
 */
export function rotatedFeatures(caller: string, headDim: number, partialRotaryFactor: number): number {
  const rotated = Math.trunc(headDim * partialRotaryFactor);
  if (!(rotated >= 2 && rotated <= headDim) || (rotated % 2 !== 0 && partialRotaryFactor !== 1))
    throw new OptionError(
      caller,
      "partialRotaryFactor",
      partialRotaryFactor,
      `a number of 1 at most that makes an even number of the ${headDim} features of a head`,
    );
  return rotated;
}

/** Queries, `[batch, head, time, feature]`, and keys and values, `[batch, group, time, feature]`. */
export interface HeadTensors {
  readonly query: Tensor4D;
  readonly key: Tensor4D;
  readonly value: Tensor4D;
}

/** Rotates queries and keys and attends, after what is in the cache. The output is `[batch, time, head · feature]`. */
export function attendRotated(
  attention: DotProductAttention,
  { query, key, value }: HeadTensors,
  { rotated: features, slidingWindow, rope }: RotaryHeads,
  cache: KeyValues | null,
): Step<Tensor3D, KeyValues> {
  const time = query.shape[2];
  const offset = cache?.key.shape[2] ?? 0;
  const keys = offset + time;
  const positions = { offset, features, ...ropeRates(features, keys, rope) };
  const mask =
    slidingWindow === null || keys <= slidingWindow ? null : localMask(time, slidingWindow, { keys, offset }); // [time, key]
  const turned = { query: rotary(query, positions), key: rotary(key, positions), value };
  const { output, state } = attention.step({ ...turned, options: { mask } }, cache);
  return { output: mergeHeads(output), state };
}
