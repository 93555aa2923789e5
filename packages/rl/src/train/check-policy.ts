import { checkShape, noGrad } from "@pellucid/core-train";
import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { Categorical } from "../distribution/categorical.ts";
import type { Distribution } from "../distribution/distribution.ts";
import type { Space } from "../environments/env.ts";
import { observationBatch } from "./observation-batch.ts";

/** Throws a {@link ShapeError} unless a policy acts in the action space of its environment, by what it says about one observation. Draws nothing. */
export function checkPolicy(
  caller: string,
  agent: { policy(observations: Tensor2D): Distribution },
  observation: Float32Array,
  space: Space,
): void {
  const advice = "The policy needs the actions of the environment.";
  tidy(() => {
    const policy = noGrad(() => agent.policy(observationBatch([observation])));
    const action = space.kind === "discrete" ? [1] : [1, ...space.shape];
    checkShape(caller, "the policy's action for one observation", policy.mode(), action, advice);
    if (space.kind === "discrete" && policy instanceof Categorical)
      checkShape(caller, "the policy's logits for one observation", policy.logits, [1, space.n], advice);
  });
}
