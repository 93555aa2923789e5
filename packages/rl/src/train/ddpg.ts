import type { ContinuousControl } from "../env/env.ts";
import type { LearningEvent } from "./learning-event.ts";
import type { OffPolicyOptions } from "./off-policy.ts";
import { type Actor, type Critic, td3, type Td3Options } from "./td3.ts";

/** Options for {@link ddpg}. */
export interface DdpgOptions
  extends OffPolicyOptions, Pick<Td3Options, "explorationNoise" | "policyFrequency" | "optimizer"> {}

/**
 * Deep deterministic policy gradient: a critic of actions of numbers, and a policy that follows its gradient. {@link td3} with one critic and without noise on the target's actions.
 *
 * Lillicrap et al., 2015. https://arxiv.org/abs/1509.02971
 */
export function ddpg(
  { actor, critic }: { readonly actor: Actor; readonly critic: Critic },
  env: ContinuousControl,
  options: DdpgOptions,
): AsyncGenerator<LearningEvent, void, undefined> {
  return td3({ actor, critics: [critic] }, env, { policyFrequency: 2, ...options, policyNoise: 0 });
}
