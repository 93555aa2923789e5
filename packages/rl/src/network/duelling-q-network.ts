import { checkShape, type Layer, Module, ReLU, relu } from "@pellucid/core-train";
import { add, mean, sub, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { mlp, type VectorModule } from "./mlp.ts";
import { checkQNetwork, type QNetworkOptions } from "./q-network.ts";

/**
 * The value of each action as the value of the state and the advantage of the action: `Q(s, a) = V(s) + A(s, a) − mean A(s, ·)`.
 *
 * Wang et al., 2015, equation 9. https://arxiv.org/abs/1511.06581
 */
export class DuellingQNetwork extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly network: VectorModule;
  readonly value: VectorModule;
  readonly advantage: VectorModule;
  readonly #observationSize: number;

  constructor(observationSize: number, actions: number, options: QNetworkOptions) {
    super();
    const { rng, hidden, layer } = checkQNetwork("DuellingQNetwork", observationSize, actions, options);
    const made = { rng, activation: ReLU, ...(layer && { layer }) };
    const features = hidden.at(-1) ?? observationSize;
    this.#observationSize = observationSize;
    this.network = mlp([observationSize, ...hidden], made);
    this.value = mlp([features, 1], made);
    this.advantage = mlp([features, actions], made);
  }

  /**
   * @param observations `[batch, observation]`
   * @returns `[batch, action]`
   */
  forward(observations: Tensor2D): Tensor2D {
    checkShape("DuellingQNetwork", "observations", observations, ["batch", this.#observationSize]);
    return tidy(() => {
      const features = relu(this.network.forward(observations)); //           [batch, feature]
      const advantages = this.advantage.forward(features); //                 [batch, action]
      return add(this.value.forward(features), sub(advantages, mean(advantages, -1, true)));
    });
  }
}
