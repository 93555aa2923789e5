import {
  adam,
  checkArguments,
  checkNotNegative,
  checkOptions,
  checkRng,
  checkSizes,
  minimum,
  type Module,
  Optimizer,
  trainable,
  trainStep,
  type Transform,
} from "@pellucid/core-train";
import { mean, neg, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { ContinuousControl } from "../environments/env.ts";
import { bootstrapped } from "../loss/bootstrapped.ts";
import { TargetNetwork } from "../network/target-network.ts";
import { withNoise } from "./clipped-noise.ts";
import type { LearningEvent } from "./learning-event.ts";
import { criticLosses } from "./critic-losses.ts";
import { checkOffPolicy, learnOffPolicy, type OffPolicyOptions, offPolicyOptions } from "./off-policy.ts";

/** A policy without chance. */
export type Actor = Module & { forward(observations: Tensor2D): Tensor2D };
/** The value of actions of numbers. */
export type Critic = Module & {
  forward(input: { readonly observations: Tensor2D; readonly actions: Tensor2D }): Tensor1D;
};

/** Options for {@link td3}. */
export interface Td3Options extends OffPolicyOptions {
  /** The deviation of the noise of actions, as a part of half their range. Default: 0.1. */
  readonly explorationNoise?: number;
  /** The deviation of the noise of the target's actions. Default: 0.2. */
  readonly policyNoise?: number;
  /** The largest noise of the target's actions. Default: 0.5. */
  readonly noiseClip?: number;
  /** Updates of the critics for each of the policy. Default: 2. */
  readonly policyFrequency?: number;
  /** One transform for each optimizer. Default: `adam({ learningRate: 3e-4 })`. */
  readonly optimizer?: () => Transform<unknown>;
}

/**
 * Twin delayed deep deterministic policy gradient: the smaller of two critics, noise on the target's actions, and a policy that is updated less often.
 *
 * Fujimoto et al., 2018. https://arxiv.org/abs/1802.09477
 *
 * @param networks.critics two; with one, and `policyNoise: 0` and `policyFrequency: 1`, it is {@link ddpg}
 */
export async function* td3(
  networks: { readonly actor: Actor; readonly critics: readonly Critic[] },
  env: ContinuousControl,
  options: Td3Options,
): AsyncGenerator<LearningEvent, void, undefined> {
  checkArguments("td3", { "{ actor, critics }": { networks } });
  checkRng("td3", options);
  checkOptions("td3", options, [
    ...offPolicyOptions,
    "explorationNoise",
    "policyNoise",
    "noiseClip",
    "policyFrequency",
    "optimizer",
  ]);
  yield* learnDeterministic("td3", networks, env, options);
}

/** What {@link td3} does, and {@link ddpg} with one critic: they check the names of their options. */
export async function* learnDeterministic(
  caller: string,
  { actor, critics }: { readonly actor: Actor; readonly critics: readonly Critic[] },
  env: ContinuousControl,
  options: Td3Options,
): AsyncGenerator<LearningEvent, void, undefined> {
  const settings = checkOffPolicy(caller, env, options);
  const { explorationNoise = 0.1, policyNoise = 0.2, noiseClip = 0.5, policyFrequency = 2 } = options;
  const { optimizer: create = () => adam({ learningRate: 3e-4 }) } = options;
  checkNotNegative(caller, { explorationNoise, policyNoise, noiseClip });
  checkSizes(caller, { policyFrequency });
  const { rng, gamma, tau } = settings;
  const space = env.actionSpace;
  const actorOptimizer = new Optimizer(create(), trainable(actor));
  const criticOptimizers = critics.map((critic) => new Optimizer(create(), trainable(critic)));
  const targetActor = new TargetNetwork(actor);
  const targetCritics = critics.map((critic) => new TargetNetwork(critic));
  const all = [actorOptimizer, ...criticOptimizers, targetActor, ...targetCritics];
  try {
    yield* learnOffPolicy(env, settings, {
      policyFrequency,
      act: (x) => withNoise(actor.forward(x), space, rng, { std: explorationNoise, limit: Infinity }),
      update({ observations, actions, rewards, nextObservations, terminated }) {
        const targets = tidy(() => {
          const plain = targetActor.forward(nextObservations);
          const next =
            policyNoise === 0 ? plain : withNoise(plain, space, rng, { std: policyNoise, limit: noiseClip });
          const values = targetCritics.map((critic) =>
            critic.forward({ observations: nextObservations, actions: next }),
          );
          const least = values.reduce((a, b) => minimum(a, b) as Tensor1D); //                       [batch]
          return bootstrapped({ rewards, terminated }, least, gamma);
        });
        try {
          return criticLosses(critics, criticOptimizers, { observations, actions, targets });
        } finally {
          targets.dispose();
        }
      },
      improve: ({ observations }) => ({
        actor: trainStep(actor, actorOptimizer, () =>
          neg(mean((critics[0] as Critic).forward({ observations, actions: actor.forward(observations) }))),
        ),
      }),
      follow() {
        for (const target of [targetActor, ...targetCritics]) target.update(tau);
      },
    });
  } finally {
    for (const each of all) each.dispose();
  }
}
