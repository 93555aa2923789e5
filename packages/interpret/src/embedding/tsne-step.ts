import { defineOp } from "@pellucid/core-train";
import type { TsneGradientOp, TsneMoveOp } from "@pellucid/core-train/ops";
import {
  add,
  cumsum,
  div,
  gather,
  less,
  maximum,
  mul,
  ones,
  reshape,
  slice,
  stack,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  unsortedSegmentSum,
  unstack,
  where,
} from "@tensorflow/tfjs-core";
import type { JointProbabilities } from "./joint-probabilities.ts";

/** {@link JointProbabilities} on the backend. */
export interface SparseProbabilities {
  readonly starts: Tensor1D;
  readonly columns: Tensor1D;
  readonly values: Tensor1D;
}

/** The caller's. */
export const sparseProbabilities = ({
  starts,
  columns,
  values,
}: JointProbabilities): SparseProbabilities => ({
  starts: tensor1d(starts, "int32"),
  columns: tensor1d(columns, "int32"),
  values: tensor1d(Float32Array.from(values)),
});

/**
 * `∂KL / ∂y_i = 4 (exaggeration · Σ_j p_ij (y_i − y_j) / (1 + ‖y_i − y_j‖²) − repulsion_i / Z)`
 *
 * @param y `[example, dimension]`
 * @param repulsion `[example, dimension + 1]`, of which the last adds up to `Z`
 * @returns `[example, dimension]`
 */
export const sparseGradient = (
  y: Tensor2D,
  repulsion: Tensor2D,
  p: SparseProbabilities,
  exaggeration: number,
): Tensor2D =>
  gradientOp({ y, repulsion, starts: p.starts, columns: p.columns, values: p.values }, { exaggeration });

const gradientOp: TsneGradientOp = defineOp({
  name: "PellucidTsneGradient",
  caller: "tsne",
  inputs: {
    y: "float32[example, dimension]",
    repulsion: "float32[example, dimension + 1]",
    starts: "int32[example + 1]",
    columns: "int32[entry]",
    values: "float32[entry]",
  },
  reference: (
    { y, repulsion, starts, columns, values },
    { exaggeration }: { readonly exaggeration: number },
  ): Tensor2D => {
    const [examples, dimensions] = y.shape;
    const entries = values.size;
    const begins = unsortedSegmentSum(
      ones([examples - 1], "int32"),
      slice(starts, [1], [examples - 1]),
      entries,
    );
    const rows = cumsum(begins) as Tensor1D; // [entry]
    const apart = sub<Tensor2D>(gather(y, rows), gather(y, columns)); // [entry, dimension]
    const weights = div(values, add(sum(mul(apart, apart), 1), 1)); // [entry]
    const pulls = mul(apart, reshape(weights, [entries, 1]));
    const pull = unsortedSegmentSum(pulls, rows, examples) as Tensor2D; // [example, dimension]
    const z = sum(slice(repulsion, [0, dimensions], [examples, 1]));
    const push = div(slice(repulsion, [0, 0], [examples, dimensions]), z);
    return mul<Tensor2D>(sub(mul(pull, exaggeration), push), 4);
  },
});

/** How far points move. */
export interface TsneMove {
  readonly learningRate: number;
  readonly momentum: number;
}

/**
 * Gradient descent with momentum and gains, which grow where the gradient keeps its direction.
 *
 * @param state points, their speeds and gains, `[3, example, dimension]`
 * @param gradient `[example, dimension]`
 * @returns the state after it
 */
export const tsneMove = (state: Tensor3D, gradient: Tensor2D, how: TsneMove): Tensor3D =>
  move({ state, gradient }, { learningRate: how.learningRate, momentum: how.momentum });

const move: TsneMoveOp = defineOp({
  name: "PellucidTsneMove",
  caller: "tsne",
  inputs: { state: "float32[3, example, dimension]", gradient: "float32[example, dimension]" },
  reference: ({ state, gradient }, { learningRate, momentum }: TsneMove): Tensor3D => {
    const [y, speed, gains] = unstack(state) as [Tensor2D, Tensor2D, Tensor2D];
    const isTurned = less(mul(gradient, speed), 0);
    const grown = maximum(where(isTurned, add(gains, 0.2), mul(gains, 0.8)), 0.01);
    const next = sub<Tensor2D>(mul(speed, momentum), mul(mul(grown, gradient), learningRate));
    return stack([add<Tensor2D>(y, next), next, grown as Tensor2D]) as Tensor3D;
  },
});
