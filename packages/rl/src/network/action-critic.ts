import { checkShape, checkSizes, Linear, Module, relu } from "@pellucid/core-train";
import { concat, squeeze, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { type ActorOptions, checkActor } from "./soft-actor.ts";

/** The value of an action of numbers: CleanRL's Q-network of DDPG, TD3 and SAC, `fc1`, `fc2`, `fc3`. */
export class ActionCritic extends Module {
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly fc3: Linear;
  readonly #sizes: readonly [observation: number, action: number];

  constructor(observationSize: number, actionSize: number, options: ActorOptions) {
    super();
    const { rng, hidden } = checkActor("ActionCritic", observationSize, options);
    checkSizes("ActionCritic", { actionSize });
    this.#sizes = [observationSize, actionSize];
    this.fc1 = new Linear(observationSize + actionSize, hidden, { rng });
    this.fc2 = new Linear(hidden, hidden, { rng });
    this.fc3 = new Linear(hidden, 1, { rng });
  }

  /**
   * @param input.observations `[batch, observation]`
   * @param input.actions `[batch, action]`
   * @returns `[batch]`
   */
  forward({
    observations,
    actions,
  }: {
    readonly observations: Tensor2D;
    readonly actions: Tensor2D;
  }): Tensor1D {
    const [observation, action] = this.#sizes;
    checkShape("ActionCritic", "observations", observations, ["batch", observation]);
    checkShape("ActionCritic", "actions", actions, [observations.shape[0], action]);
    return tidy(() => {
      const x = concat([observations, actions], 1); // [batch, observation + action]
      return squeeze<Tensor1D>(this.fc3.forward(relu(this.fc2.forward(relu(this.fc1.forward(x))))), [1]);
    });
  }
}
