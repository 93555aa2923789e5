import { checkArguments, checkOptions, checkRng } from "@pellucid/core-train";
import type { ContinuousControl } from "../environments/env.ts";
import type { LearningEvent } from "./learning-event.ts";
import { type OffPolicyOptions, offPolicyOptions } from "./off-policy.ts";
import { type Actor, type Critic, learnDeterministic, type Td3Options } from "./td3.ts";

/** Options for {@link ddpg}. */
export interface DdpgOptions
  extends OffPolicyOptions, Pick<Td3Options, "explorationNoise" | "policyFrequency" | "optimizer"> {}

/**
 * Deep deterministic policy gradient: a critic of actions of numbers, and a policy that follows its gradient. {@link td3} with one critic and without noise on the target's actions.
 *
 * Lillicrap et al., 2015. https://arxiv.org/abs/1509.02971
 */
export async function* ddpg(
  networks: { readonly actor: Actor; readonly critic: Critic },
  env: ContinuousControl,
  options: DdpgOptions,
): AsyncGenerator<LearningEvent, void, undefined> {
  checkArguments("ddpg", { "{ actor, critic }": { networks } });
  const { actor, critic } = networks;
  checkRng("ddpg", options);
  checkOptions("ddpg", options, [...offPolicyOptions, "explorationNoise", "policyFrequency", "optimizer"]);
  yield* learnDeterministic("ddpg", { actor, critics: [critic] }, env, { ...options, policyNoise: 0 });
}
