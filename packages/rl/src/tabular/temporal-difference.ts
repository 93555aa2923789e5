import {
  checkArguments,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  type Rng,
} from "@pellucid/core-train";
import type { Discrete } from "../environments/discrete.ts";
import type { Env } from "../environments/env.ts";
import { emptyQTable, greedyAction, type QTable } from "./q-table.ts";

/** An environment of numbered states and actions. */
export type TabularTask = Env<number, number> & {
  readonly observationSpace: Discrete;
  readonly actionSpace: Discrete;
};

/** Options for {@link qLearning}, {@link sarsa}, {@link expectedSarsa} and {@link nStepSarsa}. */
export interface TabularLearningOptions {
  /** Draws the explored actions. */
  readonly rng: Rng;
  readonly episodes: number;
  /** Seeds the environment. Default: 0. */
  readonly seed?: number;
  /** The learning rate. Default: 0.5. */
  readonly alpha?: number;
  /** The discount. Default: 0.99. */
  readonly gamma?: number;
  /** The probability of a random action, or a function of the episode, from 0 on. Default: 0.1. */
  readonly epsilon?: number | ((episode: number) => number);
  /** Learns on from this table, which changes. Default: all 0. */
  readonly q?: QTable;
  /** Stops between two episodes. */
  readonly signal?: AbortSignal;
}

/** An episode of learning has ended. */
export interface TabularEpisode {
  /** From 1. */
  readonly episode: number;
  readonly return: number;
  readonly length: number;
  /** What was learned so far; later episodes change it. */
  readonly q: QTable;
}

/** Checked, with the defaults. */
export interface TabularSettings {
  readonly alpha: number;
  readonly gamma: number;
  readonly q: QTable;
  /** Chooses an action in a state, at random now and then. */
  readonly choose: (state: number) => number;
  /** The probability of exploring in this episode. */
  readonly epsilon: () => number;
}

/**
 * Runs episodes and lets `learn` play each: it gives the reward and the length.
 *
 * @throws OptionError for an option out of its range
 */
export function* learnEpisodes(
  caller: string,
  env: TabularTask,
  options: TabularLearningOptions,
  play: (settings: TabularSettings, state: number) => { readonly return: number; readonly length: number },
): Generator<TabularEpisode, void, undefined> {
  checkArguments(caller, { "{ observationSpace, actionSpace, reset, step }": { env } });
  checkRng(caller, options);
  const {
    rng,
    episodes,
    seed = 0,
    alpha = 0.5,
    gamma = 0.99,
    epsilon = 0.1,
    q = emptyQTable(env),
    signal,
  } = options;
  checkSizes(caller, { episodes });
  checkProbabilities(caller, { alpha, gamma, ...(typeof epsilon === "number" ? { epsilon } : {}) });
  let exploring = 0;
  const choose = (state: number): number => {
    const isRandom = (rng.rand([1]).data[0] ?? NaN) < exploring;
    if (isRandom) return rng.randint(0, env.actionSpace.n, [1]).data[0] ?? NaN;
    return greedyAction(q[state] as Float64Array);
  };
  const settings = { alpha, gamma, q, choose, epsilon: () => exploring };
  for (let episode = 0; episode < episodes && signal?.aborted !== true; episode++) {
    exploring = typeof epsilon === "number" ? epsilon : epsilon(episode);
    const { observation } = env.reset(episode === 0 ? { seed } : {});
    yield { episode: episode + 1, ...play(settings, observation), q };
  }
}

/** The names of the options, for a misspelt one. */
export function checkTabularOptions(caller: string, options: TabularLearningOptions): void {
  checkOptions(caller, options, ["rng", "episodes", "seed", "alpha", "gamma", "epsilon", "q", "signal"]);
}
