import {
  adam,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  detach,
  type Module,
  Optimizer,
  type Rng,
  trainable,
  trainStep,
  type Transform,
  yieldToEventLoop,
} from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  neg,
  square,
  sub,
  type Tensor,
  tensor1d,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Distribution } from "../distribution/distribution.ts";
import type { Action, Env } from "../environments/env.ts";
import { discountedReturns } from "../returns/discounted-returns.ts";
import { checkPolicy } from "./check-policy.ts";
import { EpisodeMeter } from "./episode-meter.ts";
import type { LearningEvent } from "./learning-event.ts";
import { numbersOf } from "./numbers-of.ts";
import { observationBatch } from "./observation-batch.ts";

/** What {@link reinforce} trains: a policy, and optionally values as a baseline. */
export interface PolicyWithBaseline {
  policy(observations: Tensor2D): Distribution;
  values?(observations: Tensor2D): Tensor1D;
}

/** Options for {@link reinforce}. */
export interface ReinforceOptions {
  /** Draws actions. */
  readonly rng: Rng;
  readonly episodes: number;
  /** Seeds the environment. Default: 0. */
  readonly seed?: number;
  /** Default: 0.99. */
  readonly gamma?: number;
  /** Whether the values of the agent, which are learned too, are taken off the returns. Default: false. */
  readonly baseline?: boolean;
  /** Default: `adam({ learningRate: 1e-2 })`. */
  readonly optimizer?: Transform<unknown>;
  readonly signal?: AbortSignal;
}

/**
 * The policy gradient of whole episodes: `−mean(log π(aₜ|sₜ) Gₜ)`, with the returns scaled to mean 0 and deviation 1, or less a learned baseline.
 *
 * Williams, 1992. https://doi.org/10.1007/BF00992696 Sutton and Barto, 2018, sections 13.3 and 13.4.
 */
export async function* reinforce(
  agent: Module & PolicyWithBaseline,
  env: Env<Float32Array, Action>,
  options: ReinforceOptions,
): AsyncGenerator<LearningEvent, void, undefined> {
  checkRng("reinforce", options);
  checkOptions("reinforce", options, ["rng", "episodes", "seed", "gamma", "baseline", "optimizer", "signal"]);
  const { rng, episodes, seed = 0, gamma = 0.99, baseline = false, signal } = options;
  checkSizes("reinforce", { episodes });
  checkSizes("reinforce", { seed }, 0);
  checkProbabilities("reinforce", { gamma });
  const isDiscrete = env.actionSpace.kind === "discrete";
  const optimizer = new Optimizer(options.optimizer ?? adam({ learningRate: 1e-2 }), trainable(agent));
  const meter = new EpisodeMeter();
  let [step, episode] = [0, 0];
  try {
    for (; episode < episodes && signal?.aborted !== true; episode++) {
      const observations: Float32Array[] = [];
      const actions: (readonly number[])[] = [];
      const rewards: number[] = [];
      let { observation } = env.reset(episode === 0 ? { seed } : {});
      if (episode === 0) checkPolicy("reinforce", agent, observation, env.actionSpace);
      for (let isOver = false; !isOver; step++) {
        const drawn = tidy(() => agent.policy(observationBatch([observation])).sample(rng));
        const action = Array.from(await drawn.data());
        drawn.dispose();
        const next = env.step(isDiscrete ? (action[0] ?? NaN) : action);
        observations.push(observation);
        actions.push(action);
        rewards.push(next.reward);
        observation = next.observation;
        isOver = next.terminated || next.truncated;
        const event = meter.add(step + 1, next.reward, isOver);
        if (event !== undefined) yield event;
        await yieldToEventLoop();
      }
      const returns = Float32Array.from(discountedReturns(rewards, { gamma }));
      const update = trainStep(agent, optimizer, () =>
        tidy(() => {
          const x = observationBatch(observations); // [step, observation]
          const taken: Tensor = isDiscrete
            ? tensor1d(
                actions.map(([action]) => action as number),
                "int32",
              )
            : tensor2d(actions as number[][]);
          const logProb = agent.policy(x).logProb(taken);
          if (!baseline || agent.values === undefined) {
            const policyLoss = neg(mean(mul(logProb, tensor1d(standardized(returns)))));
            return { loss: policyLoss, policyLoss };
          }
          const values = agent.values(x);
          const errors = sub(tensor1d(returns), values);
          const policyLoss = neg(mean(mul(logProb, detach(errors))));
          const valueLoss = mean(square(errors));
          return { loss: add(policyLoss, valueLoss), policyLoss, valueLoss };
        }),
      );
      yield { kind: "update", step, losses: await numbersOf(update) };
    }
    yield { kind: "end", reason: episode < episodes ? "aborted" : "completed", step };
  } finally {
    optimizer.dispose();
  }
}

function standardized(x: Float32Array): Float32Array {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const deviation = Math.sqrt(
    x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(x.length - 1, 1),
  );
  return x.map((value) => (value - mean) / (deviation + 1e-8));
}
