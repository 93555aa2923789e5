import { type Tensor, type Tensor1D, tensor1d, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { Space } from "../environments/env.ts";
import { observationBatch } from "./observation-batch.ts";
import type { Rollout } from "./rollout.ts";

/** Some steps of a rollout, as tensors. */
export interface Minibatch {
  readonly observations: Tensor2D;
  /** int32 `[batch]` of numbered actions, else `[batch, action]` */
  readonly actions: Tensor;
  readonly logProb: Tensor1D;
  readonly values: Tensor1D;
  readonly advantages: Tensor1D;
  readonly returns: Tensor1D;
}

/** The steps of a rollout at these indices. They are the caller's to free. */
export function minibatch(rollout: Rollout, indices: Int32Array, actionSpace: Space): Minibatch {
  const pick = (from: Float32Array) => tensor1d(Float32Array.from(indices, (i) => from[i] ?? NaN));
  const width = rollout.actions.length / rollout.values.length;
  const rows = Float32Array.from(
    { length: indices.length * width },
    (_, i) => rollout.actions[(indices[Math.floor(i / width)] ?? NaN) * width + (i % width)] ?? NaN,
  );
  return {
    observations: observationBatch(Array.from(indices, (i) => rollout.observations[i] as Float32Array)),
    actions:
      actionSpace.kind === "discrete"
        ? tensor1d(Int32Array.from(rows), "int32")
        : tensor2d(rows, [indices.length, width]),
    logProb: pick(rollout.logProbs),
    values: pick(rollout.values),
    advantages: pick(rollout.advantages),
    returns: pick(rollout.returns),
  };
}
