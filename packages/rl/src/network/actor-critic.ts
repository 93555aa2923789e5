import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialized,
  Module,
  type Parameter,
  type Rng,
  Tanh,
} from "@pellucid/core-train";
import {
  broadcastTo,
  type Rank,
  squeeze,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { Categorical } from "../distribution/categorical.ts";
import { DiagonalGaussian } from "../distribution/diagonal-gaussian.ts";
import type { Distribution } from "../distribution/distribution.ts";
import { mlp, type VectorModule } from "./mlp.ts";
import { orthogonalLinear } from "./orthogonal-linear.ts";

/** A policy and a value of what it sees. */
export interface ActorCritic<A extends Tensor = Tensor> {
  /** The actions for observations, `[batch, observation]`. */
  policy(observations: Tensor2D): Distribution<A>;
  /** The value of observations, `[batch]`. */
  values(observations: Tensor2D): Tensor1D;
}

/** Options for {@link DiscreteActorCritic} and {@link ContinuousActorCritic}. */
export interface ActorCriticOptions {
  readonly rng: Rng;
  /** Features of the hidden layers. Default: [64, 64]. */
  readonly hidden?: readonly number[];
}

/** Two networks for numbered actions: CleanRL's PPO agent with its names, `critic.0.weight`, `actor.0.weight`, …, and its orthogonal initial weights. */
export class DiscreteActorCritic extends Module implements ActorCritic<Tensor1D> {
  readonly critic: VectorModule;
  readonly actor: VectorModule;
  readonly #observationSize: number;

  constructor(observationSize: number, actions: number, options: ActorCriticOptions) {
    super();
    const create = networks("DiscreteActorCritic", observationSize, actions, options);
    this.#observationSize = observationSize;
    this.critic = create(1, 1);
    this.actor = create(actions, 0.01);
  }

  policy(observations: Tensor2D): Categorical {
    checkShape("DiscreteActorCritic", "observations", observations, ["batch", this.#observationSize]);
    return new Categorical(this.actor.forward(observations));
  }

  values(observations: Tensor2D): Tensor1D {
    checkShape("DiscreteActorCritic", "observations", observations, ["batch", this.#observationSize]);
    return tidy(() => squeeze<Tensor1D>(this.critic.forward(observations), [1]));
  }
}

/** Two networks for actions of numbers: CleanRL's `critic`, `actor_mean` and `actor_logstd`, one deviation for all observations. */
export class ContinuousActorCritic extends Module implements ActorCritic<Tensor2D> {
  readonly critic: VectorModule;
  readonly actorMean: VectorModule;
  /** `[1, action]` */
  readonly actorLogstd: Parameter<Rank.R2>;
  readonly #observationSize: number;

  constructor(observationSize: number, actionSize: number, options: ActorCriticOptions) {
    super();
    const create = networks("ContinuousActorCritic", observationSize, actionSize, options);
    this.#observationSize = observationSize;
    this.critic = create(1, 1);
    this.actorMean = create(actionSize, 0.01);
    this.actorLogstd = initialized([1, actionSize], init.zeros(), options.rng);
  }

  policy(observations: Tensor2D): DiagonalGaussian {
    checkShape("ContinuousActorCritic", "observations", observations, ["batch", this.#observationSize]);
    const mean = this.actorMean.forward(observations); // [batch, action]
    return new DiagonalGaussian(mean, broadcastTo(this.actorLogstd, mean.shape));
  }

  values(observations: Tensor2D): Tensor1D {
    checkShape("ContinuousActorCritic", "observations", observations, ["batch", this.#observationSize]);
    return tidy(() => squeeze<Tensor1D>(this.critic.forward(observations), [1]));
  }
}

function networks(caller: string, observationSize: number, actions: number, options: ActorCriticOptions) {
  checkRng(caller, options);
  checkOptions(caller, options, ["rng", "hidden"]);
  const { rng, hidden = [64, 64] } = options;
  checkSizes(caller, { observationSize, actions });
  hidden.forEach((size, i) => checkSizes(caller, { [`hidden[${i}]`]: size }));
  return (outputs: number, gain: number) =>
    mlp([observationSize, ...hidden, outputs], {
      rng,
      activation: Tanh,
      layer: (from, to, isLast) => orthogonalLinear(from, to, isLast ? gain : Math.SQRT2, rng),
    });
}
