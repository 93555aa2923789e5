import { yieldToEventLoop, defineOp, hasKernel, type HostTensor, matMul } from "@pellucid/core-train";
import type { SmallestOp } from "@pellucid/core-train/ops";
import {
  add,
  dispose,
  mul,
  neg,
  relu,
  reshape,
  slice,
  square,
  sub,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
  topk,
} from "@tensorflow/tfjs-core";
import type { RunOptions } from "../run/run-options.ts";
import { unlessAborted } from "../run/unless-aborted.ts";

/** Whether the backend finds candidates faster than JavaScript looks at every pair. */
export const findsCandidates = (): boolean => hasKernel(op);

/** Who may be among the nearest of an example. */
export interface Candidates {
  /** Itself perhaps among them, in no order. */
  readonly indices: Int32Array;
  /** All others are at least as far as any of these, but for so much of a squared distance. */
  readonly slack: number;
}

/** As many candidates more than asked for, so that rounding seldom decides. */
const spare = 16;

/**
 * For each example those that the backend finds to be near it: products of some rows with all, never of all with all, and the smallest
 * of what follows from them.
 */
export async function* candidates(
  { data, shape }: HostTensor<Float32Array>,
  count: number,
  signal: RunOptions["signal"],
): AsyncGenerator<Candidates> {
  const [examples = 0, features = 0] = shape;
  const many = Math.min(examples, count + 1 + spare);
  const block = Math.max(1, Math.min(examples, Math.floor(2 ** 22 / examples)));
  const centered = withoutMean(data, features);
  const { lengths, longest } = lengthsOf(centered, features);
  const x = tensor2d(centered, [examples, features]);
  const squares = tidy(() => reshape(sum(square(x), 1), [1, examples])) as Tensor2D;
  try {
    for (let top = 0; top < examples; top += block) {
      signal?.throwIfAborted();
      const rows = Math.min(block, examples - top);
      const found = tidy(() => {
        const some = slice(x, [top, 0], [rows, features]);
        const own = reshape(sum(square(some), 1), [rows, 1]);
        const products = matMul<Tensor2D>(some, x, false, true); // [some, example]
        return smallest(relu(add(sub(squares, mul(products, 2)), own)), many);
      });
      const all = await unlessAborted(found.data<"int32">(), signal).finally(() => found.dispose());
      for (let row = 0; row < rows; row++) {
        const reach = (lengths[top + row] as number) + longest;
        yield {
          indices: all.slice(row * many, (row + 1) * many),
          // what sums of so many products may be off by, in any order; twice, as a candidate may look nearer and another farther
          slack: 2 * (2 * features + 16) * 2 ** -24 * reach * reach,
        };
      }
      await yieldToEventLoop();
    }
  } finally {
    dispose([x, squares]);
  }
}

/** Where the `count` smallest numbers of each row are, in no order; none may be negative. */
const smallest = (x: Tensor2D, count: number): Tensor2D => op({ x }, { count });

const op: SmallestOp = defineOp({
  name: "PellucidSmallest",
  caller: "nearestNeighbors",
  inputs: { x: "float32[row, column]" },
  reference: ({ x }, { count }: { readonly count: number }): Tensor2D => topk(neg(x), count).indices,
});

/** Distances stay, and what is lost by rounding shrinks. */
function withoutMean(data: Float32Array, features: number): Float32Array {
  const mean = new Float64Array(features);
  for (let i = 0; i < data.length; i++)
    mean[i % features] = (mean[i % features] as number) + (data[i] as number);
  const examples = data.length / features;
  return data.map((v, i) => v - (mean[i % features] as number) / examples);
}

function lengthsOf(data: Float32Array, features: number): { lengths: Float64Array; longest: number } {
  const squares = new Float64Array(data.length / features);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / features);
    squares[row] = (squares[row] as number) + (data[i] as number) ** 2;
  }
  const lengths = squares.map(Math.sqrt);
  return { lengths, longest: lengths.reduce((a, b) => Math.max(a, b), 0) };
}
