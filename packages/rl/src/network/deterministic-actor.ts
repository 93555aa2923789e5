import {
  type Buffer,
  checkArguments,
  checkShape,
  type Layer,
  Linear,
  Module,
  relu,
  tanh,
} from "@pellucid/core-train";
import { add, mul, type Rank, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Box } from "../environments/box.ts";
import { boundedActions } from "./bounded-actions.ts";
import { type ActorOptions, checkActor } from "./soft-actor.ts";

/** The policy of DDPG and TD3: CleanRL's `fc1`, `fc2`, `fc_mu`, squashed to the bounds of the actions. Lillicrap et al., 2015. https://arxiv.org/abs/1509.02971 */
export class DeterministicActor extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly fcMu: Linear;
  readonly actionScale: Buffer<Rank.R1>;
  readonly actionBias: Buffer<Rank.R1>;
  readonly #observationSize: number;

  constructor(observationSize: number, actionSpace: Box, options: ActorOptions) {
    super();
    checkArguments("DeterministicActor", { "{ shape, low, high }": { actionSpace } });
    const { rng, hidden } = checkActor("DeterministicActor", observationSize, options);
    this.#observationSize = observationSize;
    this.fc1 = new Linear(observationSize, hidden, { rng });
    this.fc2 = new Linear(hidden, hidden, { rng });
    this.fcMu = new Linear(hidden, actionSpace.shape[0], { rng });
    ({ actionScale: this.actionScale, actionBias: this.actionBias } = boundedActions(actionSpace));
  }

  /**
   * @param observations `[batch, observation]`
   * @returns `[batch, action]`
   */
  forward(observations: Tensor2D): Tensor2D {
    checkShape("DeterministicActor", "observations", observations, ["batch", this.#observationSize]);
    return tidy(() => {
      const features = relu(this.fc2.forward(relu(this.fc1.forward(observations)))); // [batch, hidden]
      return add(mul(tanh(this.fcMu.forward(features)), this.actionScale), this.actionBias);
    });
  }
}
