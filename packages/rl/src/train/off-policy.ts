import {
  checkChoice,
  checkProbabilities,
  checkSizes,
  compiledIf,
  type Rng,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { dispose, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { type ExperienceBatch, ReplayBuffer } from "../buffer/replay-buffer.ts";
import type { ContinuousControl } from "../environments/env.ts";
import { checkLearns } from "./check-learns.ts";
import { checkTask } from "./check-task.ts";
import { EpisodeMeter } from "./episode-meter.ts";
import type { LearningEvent } from "./learning-event.ts";
import { numbersOf } from "./numbers-of.ts";
import { observationBatch } from "./observation-batch.ts";

/** Options for {@link ddpg}, {@link td3} and {@link sac}; the defaults are CleanRL's. */
export interface OffPolicyOptions {
  /** Draws actions, noise and batches. */
  readonly rng: Rng;
  /** Default: 1,000,000. */
  readonly totalTimesteps?: number;
  /** Seeds the environment. Default: 0. */
  readonly seed?: number;
  /** How many of the last steps are kept. Default: 1,000,000, or all where there are fewer. */
  readonly bufferSize?: number;
  /** Default: 256. */
  readonly batchSize?: number;
  /** Default: 0.99. */
  readonly gamma?: number;
  /** How much of the networks the target networks take over at an update. Default: 0.005. */
  readonly tau?: number;
  /** Steps at random before the first update. Default: 25,000, and 5,000 for {@link sac}. */
  readonly learningStarts?: number;
  /** Whether actions and updates are recorded once and repeated, as by `compile`, with the same numbers; networks of your own then have to draw with `drawn`. Default: false. */
  readonly compile?: boolean;
  /** Ends training between two steps. */
  readonly signal?: AbortSignal;
}

/** The names of {@link OffPolicyOptions}. */
export const offPolicyOptions = [
  "rng",
  "totalTimesteps",
  "seed",
  "bufferSize",
  "batchSize",
  "gamma",
  "tau",
  "learningStarts",
  "compile",
  "signal",
] as const;

type Losses = Readonly<Record<string, Promise<number>>>;

/** What a method adds to the loop. */
export interface OffPolicyMethod {
  /** The action of the policy, with what it explores, for an observation `[1, observation]`. */
  readonly act: (observation: Tensor2D) => Tensor2D;
  /** Critics learn from a batch. */
  readonly update: (batch: ExperienceBatch) => Losses;
  /** The policy learns from a batch. */
  readonly improve: (batch: ExperienceBatch) => Losses;
  /** What follows once the policy has improved. */
  readonly follow?: () => void;
  /** Updates of the critics for each of the policy. */
  readonly policyFrequency: number;
}

/** Checked, with the defaults. */
export function checkOffPolicy(
  caller: string,
  env: ContinuousControl,
  options: OffPolicyOptions,
  starts = 25_000,
) {
  checkTask(caller, env, "box");
  const {
    rng,
    totalTimesteps = 1_000_000,
    seed = 0,
    batchSize = 256,
    gamma = 0.99,
    tau = 0.005,
    compile: compiles = false,
    signal,
  } = options;
  const { bufferSize = Math.min(totalTimesteps, 1_000_000), learningStarts = starts } = options;
  checkSizes(caller, { totalTimesteps, bufferSize, batchSize });
  checkSizes(caller, { seed, learningStarts }, 0);
  checkProbabilities(caller, { gamma, tau });
  checkChoice(caller, "compile", compiles, [false, true]);
  checkLearns(caller, totalTimesteps, { learningStarts });
  return { rng, totalTimesteps, seed, batchSize, gamma, tau, compiles, signal, bufferSize, learningStarts };
}

/** The loop of all methods that learn actions of numbers from steps in a replay buffer: random actions first, then one update a step. */
export async function* learnOffPolicy(
  env: ContinuousControl,
  settings: ReturnType<typeof checkOffPolicy>,
  method: OffPolicyMethod,
): AsyncGenerator<LearningEvent, void, undefined> {
  const { rng, totalTimesteps, seed, batchSize, compiles, signal, bufferSize, learningStarts } = settings;
  const { low, high, shape } = env.actionSpace;
  const buffer = new ReplayBuffer({
    capacity: bufferSize,
    observationSize: env.observationSpace.shape[0],
    actionSize: shape[0],
  });
  const meter = new EpisodeMeter();
  const act = await compiledIf(compiles, (x: Tensor2D) => tidy(() => method.act(x)));
  const update = await compiledIf(compiles, method.update);
  const improve = await compiledIf(compiles, method.improve);
  const choose = async (from: Float32Array): Promise<Float32Array> => {
    const x = observationBatch([from]);
    const action = act(x);
    const numbers = Float32Array.from(await action.data());
    dispose([x, action]);
    return numbers;
  };
  let { observation } = env.reset({ seed });
  let step = 0;
  try {
    for (; step < totalTimesteps && signal?.aborted !== true; step++) {
      const action =
        step < learningStarts
          ? rng
              .rand([shape[0]])
              .data.map((u, i) => (low[i] ?? NaN) + u * ((high[i] ?? NaN) - (low[i] ?? NaN)))
          : await choose(observation);
      const { observation: nextObservation, reward, terminated, truncated } = env.step(action);
      buffer.add({ observation, action, reward, nextObservation, terminated });
      const isOver = terminated || truncated;
      observation = isOver ? env.reset().observation : nextObservation;
      const episode = meter.add(step + 1, reward, isOver);
      if (episode !== undefined) yield episode;
      if (step > learningStarts) {
        const batch = buffer.sample(batchSize, rng);
        try {
          let losses = update(batch);
          if (step % method.policyFrequency === 0) {
            for (let i = 0; i < method.policyFrequency; i++) losses = { ...losses, ...improve(batch) };
            method.follow?.();
          }
          yield { kind: "update", step: step + 1, losses: await numbersOf(losses) };
        } finally {
          dispose(Object.values(batch));
        }
      }
      await yieldToEventLoop();
    }
    yield { kind: "end", reason: step < totalTimesteps ? "aborted" : "completed", step };
  } finally {
    act.dispose?.();
    update.dispose?.();
    improve.dispose?.();
  }
}
