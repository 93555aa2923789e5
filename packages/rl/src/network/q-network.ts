import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  type Layer,
  type Linear,
  Module,
  ReLU,
  type Rng,
} from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { mlp, type VectorModule } from "./mlp.ts";

/** Options for {@link QNetwork} and {@link DuellingQNetwork}. */
export interface QNetworkOptions {
  readonly rng: Rng;
  /** Features of the hidden layers. Default: [120, 84]. */
  readonly hidden?: readonly number[];
  /** Makes a layer, such as a {@link NoisyLinear}. Default: a linear one. */
  readonly layer?: (inFeatures: number, outFeatures: number) => VectorModule | Linear;
}

/** The value of each action: CleanRL's DQN with its names, `network.0.weight`, … Mnih et al., 2015. https://doi.org/10.1038/nature14236 */
export class QNetwork extends Module implements Layer<Tensor2D, Tensor2D> {
  readonly network: VectorModule;
  readonly #observationSize: number;

  constructor(observationSize: number, actions: number, options: QNetworkOptions) {
    super();
    const { rng, hidden, layer } = checkQNetwork("QNetwork", observationSize, actions, options);
    this.#observationSize = observationSize;
    this.network = mlp([observationSize, ...hidden, actions], {
      rng,
      activation: ReLU,
      ...(layer && { layer }),
    });
  }

  /**
   * @param observations `[batch, observation]`
   * @returns `[batch, action]`
   */
  forward(observations: Tensor2D): Tensor2D {
    checkShape("QNetwork", "observations", observations, ["batch", this.#observationSize]);
    return this.network.forward(observations);
  }
}

export function checkQNetwork(
  caller: string,
  observationSize: number,
  actions: number,
  options: QNetworkOptions,
) {
  checkRng(caller, options);
  checkOptions(caller, options, ["rng", "hidden", "layer"]);
  const { rng, hidden = [120, 84], layer } = options;
  checkSizes(caller, { observationSize, actions });
  hidden.forEach((size, i) => checkSizes(caller, { [`hidden[${i}]`]: size }));
  return { rng, hidden, layer };
}
