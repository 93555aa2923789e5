import type { Layer } from "@pellucid/core-train";
import { argMax, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Policy } from "./evaluate-policy.ts";
import { observationBatch } from "./observation-batch.ts";

/** Takes the action of the largest value, or logit, of a network: the policy that a {@link QNetwork} has learned. */
export function greedyPolicy(network: Layer<Tensor2D, Tensor2D>): Policy<Float32Array, number> {
  return async (observation) => {
    const best = tidy(() => argMax(network.forward(observationBatch([observation])), -1));
    const [action] = await best.data();
    best.dispose();
    return action as number;
  };
}
