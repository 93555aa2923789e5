import { checkShape, cumsum, DataError, matMul } from "@pellucid/core-train";
import {
  add,
  concat,
  exp,
  expandDims,
  mul,
  pad,
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
import { semiseparableMask } from "./semiseparable-mask.ts";

/** What a state space of heads reads. */
export interface DualityInputs {
  /** What each head writes, already times Δ, `[batch, time, head, channel]`. */
  readonly x: Tensor4D;
  /** The logarithm of what each moment leaves of each head's state, `Δ A`, 0 at most, `[batch, time, head]`. */
  readonly a: Tensor3D;
  /** Where to write, shared by the heads of a group, `[batch, time, group, state]`. */
  readonly B: Tensor4D;
  /** What to read, shared by the heads of a group, `[batch, time, group, state]`. */
  readonly C: Tensor4D;
  /** The state before the first moment, `[batch, head, channel, state]`. Default: zeros. */
  readonly initial?: Tensor4D;
}

/** How {@link stateSpaceDuality} computes. */
export interface DualityOptions {
  /** How many moments are computed as attention, before their state is handed on. Default: 64. */
  readonly chunkSize?: number;
}

/** What comes of it. */
export interface Dual {
  /** `[batch, time, head, channel]` */
  readonly y: Tensor4D;
  /** The state after the last moment, `[batch, head, channel, state]`. */
  readonly state: Tensor4D;
}

/**
 * The state space of Mamba-2, in which all entries of a head's state decay alike:
 *
 *     h ← exp(a) h + x Bᵀ,   y = h C
 *
 * computed by what it is dual to: within a chunk as attention without softmax, `y = (C Bᵀ ∘ L) x` with `L` the
 * {@link semiseparableMask}; from chunk to chunk by the state. With a chunk of 1 it is the recurrence, with a chunk of all
 * moments it is attention, and it gives the same numbers; in between it is fastest, since matrix products do most of the work.
 *
 * Dao and Gu, 2024. Transformers are SSMs. https://arxiv.org/abs/2405.21060 (listing 1). A sequence may be of any length: it is
 * filled up with moments that write nothing and leave everything.
 *
 * @throws {ShapeError} If the shapes do not go together.
 * @throws {DataError} If there is not one moment, the chunk is no whole number above 0, or the groups do not divide the heads.
 */
export function stateSpaceDuality(inputs: DualityInputs, { chunkSize = 64 }: DualityOptions = {}): Dual {
  const [batch, time, heads, channels] = inputs.x.shape;
  const [, , groups, size] = inputs.B.shape as readonly [number, number, number, number];
  check(inputs, chunkSize);
  const length = Math.min(chunkSize, time);
  const chunks = Math.ceil(time / length);
  const all = batch * chunks;

  /** `[batch, time, k, …]` → `[batch · chunk, k, moment, …]` */
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
  /** `[n, group, …]` → `[n, head, …]`: what a group shares is each head's. */
  const perHead = (x: Tensor): Tensor => {
    const [n, , ...rest] = x.shape as [number, number, ...number[]];
    const each = tile(expandDims(x, 2), [1, 1, heads / groups, ...rest.map(() => 1)]);
    return reshape(each, [n, heads, ...rest]);
  };

  return tidy(() => {
    const x = chunked(inputs.x); // [all, head, moment, channel]
    const a = chunked(inputs.a); // [all, head, moment]
    const B = chunked(inputs.B); // [all, group, moment, state]
    const C = chunked(inputs.C);
    const since = cumsum(a, 2); // what is left of a chunk's first state, [all, head, moment]

    // within a chunk: attention
    const scores = perHead(matMul(C, B, false, true)); // [all, head, moment, moment]
    const within = matMul(mul(scores, semiseparableMask(a)), x); // [all, head, moment, channel]

    // what each chunk adds to the state
    const end = slice(since, [0, 0, length - 1], [all, heads, 1]);
    const left = exp(sub(end, since)); // [all, head, moment]
    const written = matMul(mul(x, expandDims(left, 3)), perHead(B), true, false); // [all, head, channel, state]

    // from chunk to chunk: the same recurrence, a chunk for a moment, as one product
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
    const states = matMul(semiseparableMask(decays), sources); // before each chunk, and at last: [batch, head, 1 + chunk, entry]
    const before = reshape(
      transpose(slice(states, [0, 0, 0, 0], [batch, heads, chunks, entries]), [0, 2, 1, 3]),
      [all, heads, channels, size],
    );
    const state = slice(states, [0, 0, chunks, 0], [batch, heads, 1, entries]);

    const across = mul(matMul(perHead(C), before, false, true), expandDims(exp(since), 3));
    const y = transpose(add(within, across), [0, 2, 1, 3]); // [all, moment, head, channel]
    const whole = reshape(y, [batch, chunks * length, heads, channels]);
    return {
      y: slice(whole, [0, 0, 0, 0], [batch, time, heads, channels]) as Tensor4D,
      state: reshape(state, [batch, heads, channels, size]) as Tensor4D,
    };
  });
}

function check({ x, a, B, C, initial }: DualityInputs, chunkSize: number): void {
  const who = "stateSpaceDuality";
  checkShape(who, "x", x, ["batch", "time", "head", "channel"]);
  const [batch, time, heads, channels] = x.shape;
  checkShape(who, "a", a, [batch, time, heads]);
  checkShape(who, "B", B, [batch, time, "group", "state"]);
  checkShape(who, "C", C, [...B.shape]);
  const [, , groups, size] = B.shape;
  if (initial !== undefined) checkShape(who, "initial", initial, [batch, heads, channels, size]);
  if (time === 0) throw new DataError(`${who}: x has no moment, expected one at least.`);
  if (!Number.isInteger(chunkSize) || chunkSize < 1)
    throw new DataError(`${who}: chunkSize is ${chunkSize}, expected a whole number above 0.`);
  if (heads % groups !== 0)
    throw new DataError(`${who}: ${heads} heads do not share ${groups} groups evenly.`);
}
