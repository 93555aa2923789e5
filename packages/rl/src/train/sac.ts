import {
  adam,
  checkArguments,
  checkOptions,
  checkPositive,
  checkRng,
  checkSizes,
  minimum,
  Module,
  Optimizer,
  type Parameter,
  parameter,
  trainable,
  trainStep,
  type Transform,
} from "@pellucid/core-train";
import {
  add,
  exp,
  mean,
  mul,
  neg,
  type Rank,
  sub,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { TanhGaussian } from "../distribution/tanh-gaussian.ts";
import type { ContinuousControl } from "../environments/env.ts";
import { bootstrapped } from "../loss/bootstrapped.ts";
import { TargetNetwork } from "../network/target-network.ts";
import type { LearningEvent } from "./learning-event.ts";
import { criticLosses } from "./critic-losses.ts";
import { checkOffPolicy, learnOffPolicy, type OffPolicyOptions, offPolicyOptions } from "./off-policy.ts";
import type { Critic } from "./td3.ts";

/** Options for {@link sac}. */
export interface SacOptions extends OffPolicyOptions {
  /** The weight of the entropy; `null` learns it. Default: null. */
  readonly alpha?: number | null;
  /** The entropy that a learned weight aims at. Default: minus the numbers in an action. */
  readonly targetEntropy?: number;
  /** Updates of the critics for each of the policy, which then are as many. Default: 2. */
  readonly policyFrequency?: number;
  /** One transform for the optimizer of the policy. Default: `adam({ learningRate: 3e-4 })`. */
  readonly policyOptimizer?: () => Transform<unknown>;
  /** One transform for each optimizer of a critic, and of the weight. Default: `adam({ learningRate: 1e-3 })`. */
  readonly criticOptimizer?: () => Transform<unknown>;
}

/**
 * Soft actor-critic: a policy of the largest reward and entropy, two critics, and a weight of the entropy that is learned.
 *
 * Haarnoja et al., 2018. https://arxiv.org/abs/1812.05905
 */
export async function* sac(
  networks: {
    readonly actor: Module & { policy(observations: Tensor2D): TanhGaussian };
    readonly critics: readonly [Critic, Critic];
  },
  env: ContinuousControl,
  options: SacOptions,
): AsyncGenerator<LearningEvent, void, undefined> {
  checkArguments("sac", { "{ actor, critics }": { networks } });
  checkRng("sac", options);
  checkOptions("sac", options, [
    ...offPolicyOptions,
    "alpha",
    "targetEntropy",
    "policyFrequency",
    "policyOptimizer",
    "criticOptimizer",
  ]);
  const settings = checkOffPolicy("sac", env, options, 5_000);
  const { alpha: fixed = null, targetEntropy = -env.actionSpace.shape[0], policyFrequency = 2 } = options;
  const {
    policyOptimizer = () => adam({ learningRate: 3e-4 }),
    criticOptimizer = () => adam({ learningRate: 1e-3 }),
  } = options;
  if (fixed !== null) checkPositive("sac", { alpha: fixed });
  checkSizes("sac", { policyFrequency });
  const { actor, critics } = networks;
  const { rng, gamma, tau } = settings;
  const weight = new EntropyWeight(fixed ?? 1);
  const actorOptimizer = new Optimizer(policyOptimizer(), trainable(actor));
  const criticOptimizers = critics.map((critic) => new Optimizer(criticOptimizer(), trainable(critic)));
  const weightOptimizer = new Optimizer(criticOptimizer(), trainable(weight));
  const targetCritics = critics.map((critic) => new TargetNetwork(critic));
  const all = [weight, actorOptimizer, ...criticOptimizers, weightOptimizer, ...targetCritics];
  const least = (values: readonly Tensor1D[]) =>
    minimum(values[0] as Tensor1D, values[1] as Tensor1D) as Tensor1D;
  try {
    yield* learnOffPolicy(env, settings, {
      policyFrequency,
      act: (x) => actor.policy(x).sample(rng).action,
      update({ observations, actions, rewards, nextObservations, terminated }) {
        const targets = tidy(() => {
          const next = actor.policy(nextObservations).sample(rng);
          const values = targetCritics.map((critic) =>
            critic.forward({ observations: nextObservations, actions: next.action }),
          );
          const soft = sub<Tensor1D>(least(values), mul(weight.alpha(), next.logProb)); // [batch]
          return bootstrapped({ rewards, terminated }, soft, gamma);
        });
        try {
          const losses = criticLosses(critics, criticOptimizers, { observations, actions, targets });
          for (const target of targetCritics) target.update(tau);
          return losses;
        } finally {
          targets.dispose();
        }
      },
      improve({ observations }) {
        const loss = trainStep(actor, actorOptimizer, () => {
          const { action, logProb } = actor.policy(observations).sample(rng);
          const values = critics.map((critic) => critic.forward({ observations, actions: action }));
          return mean(sub(mul(weight.alpha(), logProb), least(values)));
        });
        if (fixed !== null) return { actor: loss };
        const logProb = tidy(() => actor.policy(observations).sample(rng).logProb); //      [batch]
        const alpha = trainStep(weight, weightOptimizer, () =>
          mean(mul(neg(weight.alpha()), add(logProb, targetEntropy))),
        );
        logProb.dispose();
        return { actor: loss, alpha };
      },
    });
  } finally {
    for (const each of all) each.dispose();
  }
}

/** The weight of the entropy, by its logarithm. */
class EntropyWeight extends Module {
  readonly logAlpha: Parameter<Rank.R1>;

  constructor(alpha: number) {
    super();
    this.logAlpha = parameter<Rank.R1>({ data: Float32Array.of(Math.log(alpha)), shape: [1] });
  }

  alpha(): Tensor1D {
    return exp(this.logAlpha);
  }
}
