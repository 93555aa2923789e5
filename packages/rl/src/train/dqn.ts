import {
  adam,
  checkArguments,
  checkChoice,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  compiledIf,
  huberLoss,
  type Layer,
  Module,
  mseLoss,
  Optimizer,
  type Rng,
  trainable,
  training,
  trainStep,
  type Transform,
  yieldToEventLoop,
} from "@pellucid/core-train";
import {
  dispose,
  mean,
  mul,
  squeeze,
  sub,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tidy,
} from "@tensorflow/tfjs-core";
import type { DiscreteControl } from "../environments/env.ts";
import { PrioritizedReplayBuffer } from "../buffer/prioritized-replay-buffer.ts";
import { type ExperienceBatch, ReplayBuffer } from "../buffer/replay-buffer.ts";
import { qOf, tdTargets } from "../loss/td-targets.ts";
import { NoisyLinear } from "../network/noisy-linear.ts";
import { TargetNetwork } from "../network/target-network.ts";
import { greedyAction } from "../tabular/q-table.ts";
import { checkLearns } from "./check-learns.ts";
import { checkOutputs } from "./check-outputs.ts";
import { checkTask } from "./check-task.ts";
import { EpisodeMeter } from "./episode-meter.ts";
import type { LearningEvent } from "./learning-event.ts";
import { linearExploration } from "./linear-exploration.ts";
import { observationBatch } from "./observation-batch.ts";

/** Steps to learn from, with the weights of their errors where they are sampled by these. */
type Batch = ExperienceBatch & { readonly weights: Tensor1D | null };

/** Options for {@link dqn}; the defaults are CleanRL's. */
export interface DqnOptions {
  /** Draws actions and batches. */
  readonly rng: Rng;
  /** Default: 500,000. */
  readonly totalTimesteps?: number;
  /** Seeds the environment. Default: 0. */
  readonly seed?: number;
  /** Default: `adam({ learningRate: 2.5e-4 })`. */
  readonly optimizer?: Transform<unknown>;
  /** How many of the last steps are kept. Default: 10,000. */
  readonly bufferSize?: number;
  /** Default: 128. */
  readonly batchSize?: number;
  /** Default: 0.99. */
  readonly gamma?: number;
  /** The probability of a random action, by step. Default: from 1 to 0.05 over the first half. */
  readonly epsilon?: (step: number) => number;
  /** Steps before the first update. Default: 10,000. */
  readonly learningStarts?: number;
  /** Steps between two updates. Default: 10. */
  readonly trainFrequency?: number;
  /** Steps between two updates of the target network. Default: 500. */
  readonly targetNetworkFrequency?: number;
  /** How much of the network the target network takes over. Default: 1. */
  readonly tau?: number;
  /** Whether the online network chooses the action that the target network values (double Q-learning). Default: false. */
  readonly double?: boolean;
  /** Samples steps by the size of their error. Default: uniformly. */
  readonly prioritized?: { readonly alpha?: number; readonly beta?: number };
  /** The loss of the errors. Default: {@link mseLoss}; {@link huberLoss} is that of the paper. */
  readonly loss?: typeof mseLoss | typeof huberLoss;
  /** Whether actions and updates are recorded once and repeated, as by `compile`, with the same numbers; a network of your own then has to draw with `drawn`. Default: false. */
  readonly compile?: boolean;
  /** Ends training between two steps. */
  readonly signal?: AbortSignal;
}

/**
 * Learns the values of actions from steps in a replay buffer (deep Q-learning), as events. Options make it double, prioritized or noisy; a {@link DuellingQNetwork} duelling. A network with
 * {@link NoisyLinear} layers explores by their noise: give it `epsilon: () => 0`.
 *
 * ```ts
 * const network = new QNetwork(4, 2, { rng });
 * for await (const event of dqn(network, make("CartPole-v1"), { rng })) if (event.kind === "episode") console.log(event.return);
 * ```
 *
 * Draws of a step, in this order: one uniform number, an action if it is random, the indices of the batch.
 * Mnih et al., 2015. https://doi.org/10.1038/nature14236
 *
 * @throws OptionError for an environment without vectors or numbered actions, or an option out of its range
 * @throws ShapeError for a network whose outputs are not one for each action
 */
export async function* dqn(
  network: Module & Layer<Tensor2D, Tensor2D>,
  env: DiscreteControl,
  options: DqnOptions,
): AsyncGenerator<LearningEvent, void, undefined> {
  checkArguments("dqn", { module: { network } });
  const settings = checked(env, options);
  const {
    rng,
    totalTimesteps,
    seed,
    optimizer: transform,
    batchSize,
    gamma,
    epsilon,
    signal,
    loss: lossOf,
  } = settings;
  const sizes = {
    capacity: settings.bufferSize,
    observationSize: env.observationSpace.shape[0],
    actionSize: null,
  };
  const buffer = settings.prioritized
    ? new PrioritizedReplayBuffer({ ...sizes, alpha: settings.prioritized.alpha ?? 0.6 })
    : new ReplayBuffer(sizes);
  const noisy = [...network.namedModules()].flatMap(([, module]) =>
    module instanceof NoisyLinear ? [module] : [],
  );
  const optimizer = new Optimizer(transform, trainable(network));
  const target = new TargetNetwork(network);
  const meter = new EpisodeMeter();

  const values = await compiledIf(settings.compiles, (x: Tensor2D) =>
    tidy(() => training(network, () => network.forward(x))),
  );
  const act = async (observation: Float32Array): Promise<number> => {
    for (const layer of noisy) layer.resetNoise(rng);
    const x = observationBatch([observation]);
    const q = values(x);
    const best = greedyAction(Float64Array.from(await q.data()));
    dispose([x, q]);
    return best;
  };

  const learn = await compiledIf(
    settings.compiles,
    ({ observations, actions, rewards, nextObservations, terminated, weights }: Batch) => {
      const targets = tidy(() => {
        const nextQ = target.forward(nextObservations);
        const online = settings.double ? { nextOnlineQ: network.forward(nextObservations) } : {};
        return tdTargets({ rewards, terminated, nextQ, ...online }, { gamma });
      });
      try {
        return trainStep(network, optimizer, () => {
          const q = qOf(network.forward(observations), squeeze<Tensor1D>(actions, [1])); // [batch]
          const errors = sub<Tensor1D>(q, targets);
          if (weights === null) return { loss: lossOf(q, targets), errors };
          return { loss: mean(mul(lossOf(q, targets, { reduction: "none" }), weights)), errors };
        });
      } finally {
        targets.dispose();
      }
    },
  );

  const update = async (): Promise<number> => {
    const { indices, ...sampled }: ExperienceBatch & { indices?: Int32Array; weights?: Float32Array } =
      buffer instanceof ReplayBuffer
        ? buffer.sample(batchSize, rng)
        : buffer.sample(batchSize, rng, { beta: settings.prioritized?.beta ?? 0.4 });
    for (const layer of noisy) layer.resetNoise(rng);
    const weights = sampled.weights === undefined ? null : tensor1d(sampled.weights);
    const batch = { ...sampled, weights };
    try {
      const step = learn(batch);
      if (buffer instanceof PrioritizedReplayBuffer)
        buffer.update(indices as Int32Array, await step.errors.data());
      dispose(step.errors);
      return await step.loss;
    } finally {
      dispose(Object.values(batch).filter((x) => x !== null));
    }
  };

  let step = 0;
  try {
    let { observation } = env.reset({ seed });
    checkOutputs("dqn", () => network.forward(observationBatch([observation])), env.actionSpace.n);
    for (; step < totalTimesteps && signal?.aborted !== true; step++) {
      const isRandom = (rng.rand([1]).data[0] ?? NaN) < epsilon(step);
      const action = isRandom
        ? (rng.randint(0, env.actionSpace.n, [1]).data[0] ?? NaN)
        : await act(observation);
      const { observation: nextObservation, reward, terminated, truncated } = env.step(action);
      buffer.add({ observation, action, reward, nextObservation, terminated });
      const isOver = terminated || truncated;
      observation = isOver ? env.reset().observation : nextObservation;
      const episode = meter.add(step + 1, reward, isOver);
      if (episode !== undefined) yield episode;
      if (step > settings.learningStarts) {
        if (step % settings.trainFrequency === 0)
          yield { kind: "update", step: step + 1, losses: { loss: await update() } };
        if (step % settings.targetNetworkFrequency === 0) target.update(settings.tau);
      }
      await yieldToEventLoop();
    }
    yield { kind: "end", reason: step < totalTimesteps ? "aborted" : "completed", step };
  } finally {
    values.dispose?.();
    learn.dispose?.();
    optimizer.dispose();
    target.dispose();
  }
}

function checked(env: DiscreteControl, options: DqnOptions) {
  checkRng("dqn", options);
  checkOptions("dqn", options, [
    "rng",
    "totalTimesteps",
    "seed",
    "optimizer",
    "bufferSize",
    "batchSize",
    "gamma",
    "epsilon",
    "learningStarts",
    "trainFrequency",
    "targetNetworkFrequency",
    "tau",
    "double",
    "prioritized",
    "loss",
    "compile",
    "signal",
  ]);
  checkTask("dqn", env, "discrete");
  const { totalTimesteps = 500_000, bufferSize = 10_000, batchSize = 128, gamma = 0.99, tau = 1 } = options;
  const { double = false, compile: compiles = false } = options;
  const { learningStarts = 10_000, trainFrequency = 10, targetNetworkFrequency = 500, seed = 0 } = options;
  checkSizes("dqn", { totalTimesteps, bufferSize, batchSize, trainFrequency, targetNetworkFrequency });
  checkSizes("dqn", { learningStarts, seed }, 0);
  checkProbabilities("dqn", { gamma, tau });
  checkChoice("dqn", "double", double, [false, true]);
  checkChoice("dqn", "compile", compiles, [false, true]);
  checkLearns("dqn", totalTimesteps, { learningStarts, trainFrequency });
  const { epsilon, loss, prioritized } = options;
  checkArguments("dqn", { "function?": { epsilon, loss }, "record?": { prioritized } });
  return {
    totalTimesteps,
    bufferSize,
    batchSize,
    gamma,
    tau,
    learningStarts,
    trainFrequency,
    targetNetworkFrequency,
    seed,
    rng: options.rng,
    optimizer: options.optimizer ?? adam({ learningRate: 2.5e-4 }),
    epsilon: epsilon ?? linearExploration(1, 0.05, 0.5 * totalTimesteps),
    double,
    prioritized,
    loss: loss ?? mseLoss,
    compiles,
    signal: options.signal,
  };
}
