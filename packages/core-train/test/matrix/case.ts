import type { Tensor } from "@tensorflow/tfjs-core";
import { build, type Nd } from "./nd.ts";

/** Numbers to try an op on. `whole` ones go in as int32, and nothing is differentiated at them. */
export interface Operand extends Nd {
  readonly whole?: boolean;
}

/** An op of tfjs, and what it is by definition. */
export interface MatrixCase {
  readonly name: string;
  readonly operands: (draw: Draw) => Operand[];
  readonly run: (...inputs: Tensor[]) => Tensor;
  /** The same in 64 bits. */
  readonly define: (...inputs: Nd[]) => Nd;
  /** Whether it is differentiated twice. */
  readonly second?: boolean;
  /** WebGPU's language promises no more than 2⁻¹¹ of these. */
  readonly rough?: boolean;
}

export type Draw = ReturnType<typeof drawing>;

/** Random shapes and numbers, the same for a seed. All numbers are 32-bit ones. */
export function drawing(seed: number) {
  let state = (seed * 2654435761) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  for (let i = 0; i < 10; i++) next();
  const size = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const shuffled = <T>(values: readonly T[]): T[] =>
    values
      .map((value) => [next(), value] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, value]) => value);
  return {
    /** An integer between two, both included. */
    size,
    shuffled,
    /** As many sizes from 2 to 4. */
    sizes: (rank: number) => Array.from({ length: rank }, () => size(2, rank > 3 ? 3 : 4)),
    /** Numbers between two. */
    uniform: (shape: readonly number[], low = -1, high = 1): Operand =>
      build(shape, () => Math.fround(low + next() * (high - low))),
    /** Numbers that are at least 0.05 from each other, and from all multiples of one half. */
    apart: (shape: readonly number[]): Operand => {
      const count = shape.reduce((product, n) => product * n, 1);
      const steps = Array.from({ length: count }, (_, i) => (i - Math.floor(count / 2)) * 0.5);
      const offsets = shuffled(steps);
      return build(shape, () => Math.fround((offsets.pop() as number) + 0.1 + 0.3 * next()));
    },
    /** Integers from 0 to below `end`. */
    whole: (shape: readonly number[], end: number): Operand => ({
      ...build(shape, () => Math.floor(next() * end)),
      whole: true,
    }),
  };
}
