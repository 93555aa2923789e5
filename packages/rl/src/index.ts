// returns and losses
export { discountedReturns } from "./returns/discounted-returns.ts";
export { type NStepInput, nStepReturns, type NStepReturnsOptions } from "./returns/n-step-returns.ts";
export {
  type AdvantageSteps,
  generalizedAdvantages,
  type GeneralizedAdvantagesOptions,
} from "./returns/generalized-advantages.ts";
export { qOf, tdTargets, type TdTargetsInput, type TdTargetsOptions } from "./loss/td-targets.ts";
export { type PpoLoss, ppoLoss, type PpoLossOptions, type PpoNow, type PpoThen } from "./loss/ppo-loss.ts";

// distributions of actions
export { type Distribution } from "./distribution/distribution.ts";
export { Categorical } from "./distribution/categorical.ts";
export { DiagonalGaussian } from "./distribution/diagonal-gaussian.ts";
export { type SquashedSample, TanhGaussian, type TanhGaussianOptions } from "./distribution/tanh-gaussian.ts";

// replay buffers
export {
  type Experience,
  type ExperienceBatch,
  ReplayBuffer,
  type ReplayBufferOptions,
} from "./buffer/replay-buffer.ts";
export {
  PrioritizedReplayBuffer,
  type PrioritizedReplayBufferOptions,
  type WeightOptions,
} from "./buffer/prioritized-replay-buffer.ts";
export { type GoalStep, hindsight, type HindsightOptions } from "./buffer/hindsight.ts";

// networks
export { QNetwork, type QNetworkOptions } from "./network/q-network.ts";
export { DuellingQNetwork } from "./network/duelling-q-network.ts";
export { NoisyLinear, type NoisyLinearOptions } from "./network/noisy-linear.ts";
export {
  type ActorCritic,
  type ActorCriticOptions,
  ContinuousActorCritic,
  DiscreteActorCritic,
} from "./network/actor-critic.ts";
export { type ActorOptions, SoftActor } from "./network/soft-actor.ts";
export { DeterministicActor } from "./network/deterministic-actor.ts";
export { ActionCritic } from "./network/action-critic.ts";
export { TargetNetwork } from "./network/target-network.ts";
export { Curiosity, type CuriosityOptions, type CuriositySteps } from "./network/curiosity.ts";
export { type VectorModule } from "./network/mlp.ts";

// training
export {
  type EpisodeEvent,
  type LearningEnd,
  type LearningEvent,
  type UpdateEvent,
} from "./train/learning-event.ts";
export { dqn, type DqnOptions } from "./train/dqn.ts";
export { reinforce, type PolicyWithBaseline, type ReinforceOptions } from "./train/reinforce.ts";
export { a2c, type A2cOptions } from "./train/a2c.ts";
export { ppo, type PpoOptions } from "./train/ppo.ts";
export { type VectorTask } from "./train/rollout.ts";
export { ddpg, type DdpgOptions } from "./train/ddpg.ts";
export { type Actor, type Critic, td3, type Td3Options } from "./train/td3.ts";
export { sac, type SacOptions } from "./train/sac.ts";
export { type OffPolicyOptions } from "./train/off-policy.ts";
export { linearExploration } from "./train/linear-exploration.ts";
export { evaluatePolicy, type EvaluatePolicyOptions, type Policy } from "./train/evaluate-policy.ts";
export { greedyPolicy } from "./train/greedy-policy.ts";
export {
  behaviorCloning,
  dagger,
  type DaggerOptions,
  type Demonstration,
  demonstrations,
  type DemonstrationsOptions,
  type ImitationOptions,
} from "./train/behavior-cloning.ts";
