import {
  adam,
  chain,
  checkArguments,
  checkChoice,
  checkOptions,
  checkRng,
  checkSizes,
  clipGradNorm,
  compiledIf,
  type Module,
  Optimizer,
  OptionError,
  type Rng,
  trainable,
  trainStep,
  type Transform,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { dispose, tidy } from "@tensorflow/tfjs-core";
import { ppoLoss, type PpoLossOptions } from "../loss/ppo-loss.ts";
import type { ActorCritic } from "../network/actor-critic.ts";
import type { GeneralizedAdvantagesOptions } from "../returns/generalized-advantages.ts";
import { iterationCount } from "./iteration-count.ts";
import type { EpisodeEvent, LearningEvent } from "./learning-event.ts";
import { type Minibatch, minibatch } from "./minibatch.ts";
import { numbersOf } from "./numbers-of.ts";
import { RolloutCollector, type VectorTask } from "./rollout.ts";

/** Options for {@link ppo}; the defaults are CleanRL's for CartPole. */
export interface PpoOptions extends PpoLossOptions, GeneralizedAdvantagesOptions {
  /** Draws actions and minibatches. */
  readonly rng: Rng;
  /** In all environments together. Default: 500,000. */
  readonly totalTimesteps?: number;
  /** Seeds the first environment; the others follow. Default: 0. */
  readonly seed?: number;
  /** Steps in each environment between two improvements. Default: 128. */
  readonly numSteps?: number;
  /** Default: 4. */
  readonly numMinibatches?: number;
  /** How often each step is learned from. Default: 4. */
  readonly updateEpochs?: number;
  /** Stops the epochs of an improvement once the policy has moved this far. Default: never. */
  readonly targetKl?: number;
  /** Default: Adam with ε = 1e-5 and a learning rate from 2.5e-4 to 0, the gradient norm clipped to 0.5. */
  readonly optimizer?: Transform<unknown>;
  /** Whether actions and updates are recorded once and repeated, as by `compile`, with the same numbers; an agent of your own then has to draw with `drawn`. Default: false. */
  readonly compile?: boolean;
  /** Ends training between two minibatches. */
  readonly signal?: AbortSignal;
}

/**
 * Proximal policy optimization: plays, estimates advantages, and improves the policy within a limited distance, in turn. The environments must reset in the same step.
 *
 * ```ts
 * const envs = new SyncVectorEnv([1, 2, 3, 4].map(() => make("CartPole-v1")), { autoreset: "sameStep" });
 * for await (const event of ppo(new DiscreteActorCritic(4, 2, { rng }), envs, { rng })) …
 * ```
 *
 * Schulman et al., 2017. https://arxiv.org/abs/1707.06347 Huang et al., 2022. The 37 implementation details of proximal policy optimization.
 *
 * @throws OptionError for an option out of its range
 */
export async function* ppo(
  agent: Module & ActorCritic,
  envs: VectorTask,
  options: PpoOptions,
): AsyncGenerator<LearningEvent, void, undefined> {
  checkArguments("ppo", { module: { agent }, "{ envs, actionSpace, autoreset }": { envs } });
  const { rng, seed, numSteps, numMinibatches, updateEpochs, iterations, transform, compiles, signal } =
    checked(envs, options);
  const {
    gamma = 0.99,
    lambda = 0.95,
    clip = 0.2,
    valueClip = 0.2,
    entropyCoef = 0.01,
    valueCoef = 0.5,
  } = options;
  const { normalizeAdvantages = true, targetKl = Infinity } = options;
  const size = numSteps * envs.envs.length;
  const collector = await RolloutCollector.start("ppo", agent, envs, { rng, seed, compiles });
  const optimizer = new Optimizer(transform, trainable(agent));
  const isAborted = () => signal?.aborted === true;
  const learn = await compiledIf(compiles, ({ observations, actions, ...then }: Minibatch) =>
    trainStep(agent, optimizer, () =>
      tidy(() => {
        const policy = agent.policy(observations);
        const now = {
          logProb: policy.logProb(actions),
          entropy: policy.entropy(),
          values: agent.values(observations),
        };
        return { ...ppoLoss(now, then, { clip, valueClip, entropyCoef, valueCoef, normalizeAdvantages }) };
      }),
    ),
  );
  let iteration = 0;
  try {
    for (; iteration < iterations && !isAborted(); iteration++) {
      const episodes: EpisodeEvent[] = [];
      const rollout = await collector.collect(numSteps, { gamma, lambda }, (event) => episodes.push(event));
      yield* episodes;
      let losses: Readonly<Record<string, number>> = {};
      for (
        let epoch = 0;
        epoch < updateEpochs && !isAborted() && !((losses["approxKl"] ?? 0) > targetKl);
        epoch++
      ) {
        const order = rng.randperm(size);
        for (let start = 0; start < size; start += size / numMinibatches) {
          const indices = order.slice(start, start + size / numMinibatches);
          const batch = minibatch(rollout, indices, envs.actionSpace);
          losses = await numbersOf(learn(batch));
          dispose(Object.values(batch));
        }
        await yieldToEventLoop();
      }
      yield { kind: "update", step: collector.step, losses };
    }
    yield { kind: "end", reason: iteration < iterations ? "aborted" : "completed", step: collector.step };
  } finally {
    collector.dispose();
    learn.dispose?.();
    optimizer.dispose();
  }
}

function checked(envs: VectorTask, options: PpoOptions) {
  checkRng("ppo", options);
  checkOptions("ppo", options, [
    "rng",
    "totalTimesteps",
    "seed",
    "numSteps",
    "numMinibatches",
    "updateEpochs",
    "targetKl",
    "optimizer",
    "compile",
    "signal",
    "gamma",
    "lambda",
    "clip",
    "valueClip",
    "entropyCoef",
    "valueCoef",
    "normalizeAdvantages",
  ]);
  const {
    totalTimesteps = 500_000,
    seed = 0,
    numSteps = 128,
    numMinibatches = 4,
    updateEpochs = 4,
    compile: compiles = false,
  } = options;
  checkSizes("ppo", { totalTimesteps, numSteps, numMinibatches, updateEpochs });
  checkSizes("ppo", { seed }, 0);
  checkChoice("ppo", "compile", compiles, [false, true]);
  const size = numSteps * envs.envs.length;
  if (size % numMinibatches !== 0)
    throw new OptionError(
      "ppo",
      "numMinibatches",
      numMinibatches,
      `a divisor of numSteps · environments = ${size}`,
    );
  const iterations = iterationCount("ppo", totalTimesteps, size);
  const updates = updateEpochs * numMinibatches;
  const learningRate = (step: number) => 2.5e-4 * (1 - Math.floor(step / updates) / iterations);
  const transform = options.optimizer ?? chain(clipGradNorm(0.5), adam({ learningRate, eps: 1e-5 }));
  return {
    rng: options.rng,
    seed,
    numSteps,
    numMinibatches,
    updateEpochs,
    iterations,
    transform,
    compiles,
    signal: options.signal,
  };
}
