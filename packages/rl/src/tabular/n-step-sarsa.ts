import { checkOptions, checkSizes } from "@pellucid/core-train";
import {
  type TabularEpisode,
  type TabularLearningOptions,
  type TabularTask,
  learnEpisodes,
} from "./temporal-difference.ts";

/** Options for {@link nStepSarsa}. */
export interface NStepSarsaOptions extends TabularLearningOptions {
  /** How many rewards count before a value does. Default: 4. */
  readonly n?: number;
}

/** SARSA with the return of `n` steps as the target. Yields each episode. Sutton and Barto, 2018, section 7.2. */
export function nStepSarsa(
  env: TabularTask,
  options: NStepSarsaOptions,
): Generator<TabularEpisode, void, undefined> {
  checkOptions("nStepSarsa", options, [
    "rng",
    "episodes",
    "seed",
    "alpha",
    "gamma",
    "epsilon",
    "q",
    "signal",
    "n",
  ]);
  const { n = 4 } = options;
  checkSizes("nStepSarsa", { n });
  return learnEpisodes("nStepSarsa", env, options, ({ alpha, gamma, q, choose }, first) => {
    const states = [first];
    const actions = [choose(first)];
    const rewards: number[] = [];
    let isOver = false;
    let hasValueAfter = true;
    /** Moves the value of step `t` towards its return. */
    const update = (t: number) => {
      const last = Math.min(t + n, rewards.length);
      let [target, factor] = [0, 1];
      for (let i = t; i < last; i++, factor *= gamma) target += factor * (rewards[i] ?? NaN);
      if (hasValueAfter)
        target += factor * ((q[states[last] ?? NaN] as Float64Array)[actions[last] ?? NaN] ?? NaN);
      const row = q[states[t] ?? NaN] as Float64Array;
      const action = actions[t] ?? NaN;
      row[action] = (row[action] ?? NaN) + alpha * (target - (row[action] ?? NaN));
    };
    while (!isOver) {
      const { observation, reward, terminated, truncated } = env.step(actions.at(-1) ?? NaN);
      rewards.push(reward);
      states.push(observation);
      actions.push(choose(observation));
      isOver = terminated || truncated;
      hasValueAfter = !terminated;
      if (rewards.length >= n && !isOver) update(rewards.length - n);
    }
    for (let t = Math.max(0, rewards.length - n); t < rewards.length; t++) update(t);
    return { return: rewards.reduce((sum, reward) => sum + reward, 0), length: rewards.length };
  });
}
