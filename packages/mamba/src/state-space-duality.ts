import { checkRecord, checkShape, cumsum, DataError, matMul, type Step } from "@pellucid/core-train";
import {
  add,
  concat,
  exp,
  expandDims,
  mul,
  pad,
  type Rank,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  tile,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { type ChunkOptions, chunkSizeOf } from "./chunk-size-of.ts";
import { semiseparableMask } from "./semiseparable-mask.ts";

/** The inputs of {@link stateSpaceDuality}. */
export interface DualityInputs {
  /** The input of each head, already times Δ, `[batch, time, head, channel]`. */
  readonly x: Tensor4D;
  /** The logarithm of the decay of each head, `Δ A`, 0 or below, `[batch, time, head]`. */
  readonly a: Tensor3D;
  /** The input matrix, shared by the heads of a group, `[batch, time, group, state]`. */
  readonly B: Tensor4D;
  /** The output matrix, shared by the heads of a group, `[batch, time, group, state]`. */
  readonly C: Tensor4D;
  /** The state before the first time step, `[batch, head, channel, state]`. Default: zeros. */
  readonly initial?: Tensor4D;
}

/**
 * The state space of Mamba-2, in which all entries of the state of a head decay at one rate:
 *
 *     h ← exp(a) h + x Bᵀ,   y = h C
 *
 * Within a chunk it is computed as its dual, attention without a softmax, `y = (C Bᵀ ∘ L) x`, where `L` is the
 * {@link semiseparableMask}; the state links the chunks. With a chunk of 1 this is the recurrence and with one chunk for all it is
 * attention, with the same numbers. Chunks between those are fastest, since matrix products do most of the work.
 *
 * Dao and Gu, 2024. Transformers are SSMs. https://arxiv.org/abs/2405.21060 (listing 1). A sequence may have any length: it is
 * padded with time steps that do not change the state.
 *
 * @param options.chunkSize the number of time steps computed as attention. Default: 64.
 * @returns `[batch, time, head, channel]`, and the state after the last time step, `[batch, head, channel, state]`
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {StructError} For what is not a record of tensors.
 * @throws {OptionError} If `chunkSize` is not an integer above 0.
 * @throws {DataError} If there is no time step, or the groups do not divide the heads.
 */
export function stateSpaceDuality(
  inputs: DualityInputs,
  options: ChunkOptions = {},
): Step<Tensor4D, Tensor4D> {
  checkDuality("stateSpaceDuality", inputs);
  const chunkSize = chunkSizeOf("stateSpaceDuality", options, 64);
  const [batch, time, heads, channels] = inputs.x.shape;
  const [, , groups, size] = inputs.B.shape as readonly [number, number, number, number];
  const length = Math.min(chunkSize, time);
  const chunks = Math.ceil(time / length);
  const all = batch * chunks;

  /** `[batch, time, k, …]` → `[batch · chunk, k, time, …]` */
  const chunked = (x: Tensor): Tensor => {
    const [, , k, ...rest] = x.shape as [number, number, number, ...number[]];
    const more = chunks * length - time;
    const full =
      more === 0
        ? x
        : pad(
            x,
            x.shape.map((_, i): [number, number] => [0, i === 1 ? more : 0]),
          );
    const split = reshape(full, [all, length, k, ...rest]);
    return transpose(split, [0, 2, 1, ...rest.map((_, i) => i + 3)]);
  };
  /** Repeats the tensor of a group for each of its heads: `[n, group, …]` → `[n, head, …]`. */
  const perHead = (x: Tensor): Tensor => {
    const [n, , ...rest] = x.shape as [number, number, ...number[]];
    const each = tile(expandDims(x, 2), [1, 1, heads / groups, ...rest.map(() => 1)]);
    return reshape(each, [n, heads, ...rest]);
  };

  return tidy(() => {
    const x = chunked(inputs.x); // [all, head, time, channel]
    const a = chunked(inputs.a); // [all, head, time]
    const B = chunked(inputs.B); // [all, group, time, state]
    const C = chunked(inputs.C);
    const since = cumsum(a, 2); // the logarithm of the decay since the start of the chunk, [all, head, time]

    // within a chunk: attention
    const scores = perHead(matMul(C, B, false, true)); // [all, head, time, time]
    const inside = matMul(mul(scores, semiseparableMask(a)), x); // [all, head, time, channel]

    // the contribution of each chunk to the state
    const end = slice(since, [0, 0, length - 1], [all, heads, 1]);
    const remaining = exp(sub(end, since)); // [all, head, time]
    const written = matMul(mul(x, expandDims(remaining, 3)), perHead(B), true, false); // [all, head, channel, state]

    // from chunk to chunk: the same recurrence, with a chunk as a time step, as one product
    const entries = channels * size;
    const byHead = (z: Tensor, rest: readonly number[]): Tensor => {
      const apart = reshape(z, [batch, chunks, heads, ...rest]);
      return transpose(apart, [0, 2, 1, ...rest.map((_, i) => i + 3)]);
    };
    const first = inputs.initial ?? zeros<Tensor4D["rankType"]>([batch, heads, channels, size]);
    const sources = concat([reshape(first, [batch, heads, 1, entries]), byHead(written, [entries])], 2);
    const decays = pad(byHead(end, []), [
      [0, 0],
      [0, 0],
      [1, 0],
    ]); // [batch, head, 1 + chunk]
    const states = matMul(semiseparableMask(decays), sources); // before each chunk and after the last, [batch, head, 1 + chunk, entry]
    const before = reshape(
      transpose(slice(states, [0, 0, 0, 0], [batch, heads, chunks, entries]), [0, 2, 1, 3]),
      [all, heads, channels, size],
    );
    const state = slice(states, [0, 0, chunks, 0], [batch, heads, 1, entries]);

    const across = mul(matMul(perHead(C), before, false, true), expandDims(exp(since), 3));
    const y = transpose(add(inside, across), [0, 2, 1, 3]); // [all, time, head, channel]
    const whole: Tensor4D = reshape(y, [batch, chunks * length, heads, channels]);
    return {
      output: slice<Rank.R4, Tensor4D>(whole, [0, 0, 0, 0], [batch, time, heads, channels]),
      state: reshape<Rank.R4>(state, [batch, heads, channels, size]),
    };
  });
}

/** Throws a `ShapeError` or a `DataError` unless the inputs fit together, and a `StructError` for what is not a record of tensors. */
export function checkDuality(caller: string, inputs: DualityInputs): void {
  checkRecord(caller, "the input", inputs, ["x", "a", "B", "C"]);
  const { x, a, B, C, initial } = inputs;
  checkShape(caller, "x", x, ["batch", "time", "head", "channel"]);
  const [batch, time, heads, channels] = x.shape;
  checkShape(caller, "a", a, [batch, time, heads]);
  checkShape(caller, "B", B, [batch, time, "group", "state"]);
  checkShape(caller, "C", C, [...B.shape]);
  const [, , groups, size] = B.shape;
  if (initial !== undefined) checkShape(caller, "initial", initial, [batch, heads, channels, size]);
  if (time === 0) throw new DataError(`${caller}: x has no time steps, expected one or more.`);
  if (heads % groups !== 0)
    throw new DataError(`${caller}: x has ${heads} heads, expected a multiple of the ${groups} groups of B.`);
}
