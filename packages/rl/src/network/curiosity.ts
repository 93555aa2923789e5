import {
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkSizes,
  crossEntropy,
  detach,
  Module,
  mseLoss,
  oneHot,
  ReLU,
  relu,
  type Rng,
} from "@pellucid/core-train";
import {
  add,
  concat,
  mean,
  mul,
  type Scalar,
  square,
  sub,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { mlp, type VectorModule } from "./mlp.ts";

/** Options for {@link Curiosity}. */
export interface CuriosityOptions {
  readonly rng: Rng;
  /** Features of an observation. Default: 32. */
  readonly features?: number;
  /** Features of the hidden layers. Default: 64. */
  readonly hidden?: number;
  /** What the reward is multiplied with. Default: 0.01. */
  readonly scale?: number;
  /** The weight of the forward model in the loss. Default: 0.2. */
  readonly beta?: number;
}

/** Steps with numbered actions. */
export interface CuriositySteps {
  /** `[batch, observation]` */
  readonly observations: Tensor2D;
  /** int32 `[batch]` */
  readonly actions: Tensor1D;
  /** `[batch, observation]` */
  readonly nextObservations: Tensor2D;
}

/**
 * A reward for what one cannot foresee, where rewards are sparse: the error of a model that predicts the features of the next observation. The features are those from which the action can be
 * inferred, so that what has nothing to do with the actions does not count.
 *
 * Pathak et al., 2017. https://arxiv.org/abs/1705.05363
 */
export class Curiosity extends Module {
  readonly encoder: VectorModule;
  readonly forwardModel: VectorModule;
  readonly inverseModel: VectorModule;
  readonly #actions: number;
  readonly #scale: number;
  readonly #beta: number;

  constructor(observationSize: number, actions: number, options: CuriosityOptions) {
    super();
    checkRng("Curiosity", options);
    checkOptions("Curiosity", options, ["rng", "features", "hidden", "scale", "beta"]);
    const { rng, features = 32, hidden = 64, scale = 0.01, beta = 0.2 } = options;
    checkSizes("Curiosity", { observationSize, actions, features, hidden });
    checkPositive("Curiosity", { scale });
    checkProbabilities("Curiosity", { beta });
    const made = { rng, activation: ReLU };
    this.#actions = actions;
    this.#scale = scale;
    this.#beta = beta;
    this.encoder = mlp([observationSize, hidden, features], made);
    this.forwardModel = mlp([features + actions, hidden, features], made);
    this.inverseModel = mlp([2 * features, hidden, actions], made);
  }

  /** `scale / 2 · ‖predicted features − features‖²` of each step, `[batch]`. */
  reward(steps: CuriositySteps): Tensor1D {
    return tidy(() => {
      const { predicted, next } = this.#predict(steps);
      return mul(this.#scale / 2, mul(mean(square(sub(predicted, next)), -1), next.shape[1])) as Tensor1D;
    });
  }

  /** `(1 − β) · cross-entropy of the action + β · error of the forward model`. */
  loss(steps: CuriositySteps): Scalar {
    return tidy(() => {
      const { predicted, now, next } = this.#predict(steps);
      const logits = this.inverseModel.forward(concat([now, next], 1)); // [batch, action]
      const inverse = crossEntropy(logits, steps.actions);
      return add<Scalar>(mul(1 - this.#beta, inverse), mul(this.#beta / 2, mseLoss(predicted, detach(next))));
    });
  }

  #predict({ observations, actions, nextObservations }: CuriositySteps) {
    const [now, next] = [observations, nextObservations].map((x) => relu(this.encoder.forward(x))) as [
      Tensor2D,
      Tensor2D,
    ];
    const predicted = this.forwardModel.forward(
      concat([detach(now), oneHot<Tensor2D>(actions, this.#actions)], 1),
    ); // [batch, feature]
    return { predicted, now, next };
  }
}
