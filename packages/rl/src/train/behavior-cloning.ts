import {
  adam,
  checkArguments,
  checkOptions,
  checkRng,
  checkSizes,
  crossEntropy,
  type Layer,
  type Module,
  Optimizer,
  type Rng,
  trainable,
  trainStep,
  type Transform,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { tensor1d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { DiscreteControl } from "../environments/env.ts";
import type { Policy } from "./evaluate-policy.ts";
import { greedyPolicy } from "./greedy-policy.ts";
import { observationBatch } from "./observation-batch.ts";

/** What an expert saw, and what it did. */
export interface Demonstration {
  readonly observation: Float32Array;
  readonly action: number;
}

/** Options for {@link demonstrations}. */
export interface DemonstrationsOptions {
  readonly episodes: number;
  /** Seeds the environment. Default: 0. */
  readonly seed?: number;
  /** Who plays. Default: the expert, who is asked in any case. */
  readonly player?: Policy<Float32Array, number>;
}

/** Plays episodes and notes what the expert does, or would do where another plays. */
export async function demonstrations(
  expert: Policy<Float32Array, number>,
  env: DiscreteControl,
  options: DemonstrationsOptions,
): Promise<Demonstration[]> {
  checkOptions("demonstrations", options, ["episodes", "seed", "player"]);
  const { episodes, seed = 0, player } = options;
  checkSizes("demonstrations", { episodes });
  const shown: Demonstration[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    let { observation } = env.reset(episode === 0 ? { seed } : {});
    for (let isOver = false; !isOver;) {
      const action = await expert(observation);
      shown.push({ observation, action });
      const next = env.step(player === undefined ? action : await player(observation));
      observation = next.observation;
      isOver = next.terminated || next.truncated;
    }
  }
  return shown;
}

/** Options for {@link behaviorCloning} and {@link dagger}. */
export interface ImitationOptions {
  /** Shuffles. */
  readonly rng: Rng;
  /** Times through the demonstrations. Default: 10. */
  readonly epochs?: number;
  /** Default: 64. */
  readonly batchSize?: number;
  /** Default: `adam({ learningRate: 1e-3 })`. */
  readonly optimizer?: Transform<unknown>;
  readonly signal?: AbortSignal;
}

/**
 * Teaches a network to do what an expert did, by cross-entropy. Yields the mean loss of each epoch.
 *
 * Pomerleau, 1991. https://doi.org/10.1162/neco.1991.3.1.88
 *
 * @throws OptionError where there are no demonstrations
 */
export async function* behaviorCloning(
  network: Module & Layer<Tensor2D, Tensor2D>,
  shown: readonly Demonstration[],
  options: ImitationOptions,
): AsyncGenerator<{ readonly epoch: number; readonly loss: number }, void, undefined> {
  checkArguments("behaviorCloning", { module: { network }, array: { shown } });
  checkRng("behaviorCloning", options);
  checkOptions("behaviorCloning", options, ["rng", "epochs", "batchSize", "optimizer", "signal"]);
  const {
    rng,
    epochs = 10,
    batchSize = 64,
    optimizer: transform = adam({ learningRate: 1e-3 }),
    signal,
  } = options;
  checkSizes("behaviorCloning", { epochs, batchSize, demonstrations: shown.length });
  const optimizer = new Optimizer(transform, trainable(network));
  try {
    for (let epoch = 1; epoch <= epochs && signal?.aborted !== true; epoch++) {
      const order = rng.randperm(shown.length);
      let total = 0;
      for (let start = 0; start < order.length; start += batchSize) {
        const batch = Array.from(order.subarray(start, start + batchSize), (i) => shown[i] as Demonstration);
        const loss = trainStep(network, optimizer, () =>
          tidy(() => {
            const logits = network.forward(observationBatch(batch.map(({ observation }) => observation)));
            return crossEntropy(
              logits,
              tensor1d(
                batch.map(({ action }) => action),
                "int32",
              ),
            );
          }),
        );
        total += (await loss) * batch.length;
        await yieldToEventLoop();
      }
      yield { epoch, loss: total / shown.length };
    }
  } finally {
    optimizer.dispose();
  }
}

/** Options for {@link dagger}. */
export interface DaggerOptions extends ImitationOptions {
  /** How often the learner plays. Default: 5. */
  readonly rounds?: number;
  /** Episodes of each round. Default: 5. */
  readonly episodes?: number;
  /** Seeds the environment. Default: 0. */
  readonly seed?: number;
}

/**
 * Imitation of an expert in the states to which the learner itself comes: the expert plays first; then the learner plays, the expert says what it would have done, and the learner is taught by
 * all that was said so far. Yields each round.
 *
 * Ross et al., 2011. https://arxiv.org/abs/1011.0686
 */
export async function* dagger(
  network: Module & Layer<Tensor2D, Tensor2D>,
  expert: Policy<Float32Array, number>,
  env: DiscreteControl,
  options: DaggerOptions,
): AsyncGenerator<
  { readonly round: number; readonly loss: number; readonly demonstrations: number },
  void,
  undefined
> {
  checkRng("dagger", options);
  checkOptions("dagger", options, [
    "rng",
    "epochs",
    "batchSize",
    "optimizer",
    "signal",
    "rounds",
    "episodes",
    "seed",
  ]);
  const { rounds = 5, episodes = 5, seed = 0, ...cloning } = options;
  checkSizes("dagger", { rounds, episodes });
  checkSizes("dagger", { seed }, 0);
  const shown: Demonstration[] = [];
  for (let round = 1; round <= rounds && options.signal?.aborted !== true; round++) {
    const player = round === 1 ? {} : { player: greedyPolicy(network) };
    shown.push(...(await demonstrations(expert, env, { episodes, seed: seed + round - 1, ...player })));
    let loss = NaN;
    for await (const epoch of behaviorCloning(network, shown, cloning)) loss = epoch.loss;
    yield { round, loss, demonstrations: shown.length };
  }
}
