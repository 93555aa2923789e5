import {
  chain,
  checkArguments,
  checkChoice,
  checkNotNegative,
  checkOptions,
  checkRng,
  checkSizes,
  clipGradNorm,
  compiledIf,
  type Module,
  Optimizer,
  rmsprop,
  type Rng,
  trainable,
  trainStep,
  type Transform,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { add, dispose, mean, mul, neg, square, sub, tidy } from "@tensorflow/tfjs-core";
import type { ActorCritic } from "../network/actor-critic.ts";
import type { GeneralizedAdvantagesOptions } from "../returns/generalized-advantages.ts";
import { iterationCount } from "./iteration-count.ts";
import type { EpisodeEvent, LearningEvent } from "./learning-event.ts";
import { type Minibatch, minibatch } from "./minibatch.ts";
import { numbersOf } from "./numbers-of.ts";
import { RolloutCollector, type VectorTask } from "./rollout.ts";

/** Options for {@link a2c}; the defaults are those of the paper's synchronous form. */
export interface A2cOptions extends GeneralizedAdvantagesOptions {
  readonly rng: Rng;
  /** In all environments together. Default: 500,000. */
  readonly totalTimesteps?: number;
  /** Seeds the first environment; the others follow. Default: 0. */
  readonly seed?: number;
  /** Steps in each environment between two updates. Default: 5. */
  readonly numSteps?: number;
  /** The weight of the entropy. Default: 0. */
  readonly entropyCoef?: number;
  /** The weight of the value loss. Default: 0.5. */
  readonly valueCoef?: number;
  /** Default: RMSprop with α = 0.99, ε = 1e-5 and a learning rate of 7e-4, the gradient norm clipped to 0.5. */
  readonly optimizer?: Transform<unknown>;
  /** Whether actions and updates are recorded once and repeated, as by `compile`, with the same numbers; an agent of your own then has to draw with `drawn`. Default: false. */
  readonly compile?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Advantage actor-critic: the policy gradient `−mean(log π(a|s) A) − c_e · entropy + c_v · mean((V − R)²)`, one update for each few steps. `lambda` is 1 unless it is given.
 * The environments must reset in the same step.
 *
 * Mnih et al., 2016. https://arxiv.org/abs/1602.01783
 */
export async function* a2c(
  agent: Module & ActorCritic,
  envs: VectorTask,
  options: A2cOptions,
): AsyncGenerator<LearningEvent, void, undefined> {
  checkArguments("a2c", { module: { agent }, "{ envs, actionSpace, autoreset }": { envs } });
  checkRng("a2c", options);
  checkOptions("a2c", options, [
    "rng",
    "totalTimesteps",
    "seed",
    "numSteps",
    "entropyCoef",
    "valueCoef",
    "optimizer",
    "compile",
    "signal",
    "gamma",
    "lambda",
  ]);
  const {
    rng,
    totalTimesteps = 500_000,
    seed = 0,
    numSteps = 5,
    entropyCoef = 0,
    valueCoef = 0.5,
    compile: compiles = false,
    signal,
  } = options;
  const { gamma = 0.99, lambda = 1, optimizer: transform } = options;
  checkSizes("a2c", { totalTimesteps, numSteps });
  checkSizes("a2c", { seed }, 0);
  checkNotNegative("a2c", { entropyCoef, valueCoef });
  checkChoice("a2c", "compile", compiles, [false, true]);
  const size = numSteps * envs.envs.length;
  const iterations = iterationCount("a2c", totalTimesteps, size);
  const all = Int32Array.from({ length: size }, (_, i) => i);
  const collector = await RolloutCollector.start("a2c", agent, envs, { rng, seed, compiles });
  const optimizer = new Optimizer(
    transform ?? chain(clipGradNorm(0.5), rmsprop({ learningRate: 7e-4, alpha: 0.99, eps: 1e-5 })),
    trainable(agent),
  );
  const learn = await compiledIf(compiles, ({ observations, actions, advantages, returns }: Minibatch) =>
    trainStep(agent, optimizer, () =>
      tidy(() => {
        const policy = agent.policy(observations);
        const policyLoss = neg(mean(mul(policy.logProb(actions), advantages)));
        const valueLoss = mean(square(sub(agent.values(observations), returns)));
        const entropy = mean(policy.entropy());
        return {
          loss: add(sub(policyLoss, mul(entropyCoef, entropy)), mul(valueCoef, valueLoss)),
          policyLoss,
          valueLoss,
          entropy,
        };
      }),
    ),
  );
  let iteration = 0;
  try {
    for (; iteration < iterations && signal?.aborted !== true; iteration++) {
      const episodes: EpisodeEvent[] = [];
      const rollout = await collector.collect(numSteps, { gamma, lambda }, (event) => episodes.push(event));
      yield* episodes;
      const batch = minibatch(rollout, all, envs.actionSpace);
      const losses = await numbersOf(learn(batch));
      dispose(Object.values(batch));
      yield { kind: "update", step: collector.step, losses };
      await yieldToEventLoop();
    }
    yield { kind: "end", reason: iteration < iterations ? "aborted" : "completed", step: collector.step };
  } finally {
    collector.dispose();
    learn.dispose?.();
    optimizer.dispose();
  }
}
