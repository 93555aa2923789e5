import {
  type TabularEpisode,
  type TabularLearningOptions,
  type TabularSettings,
  type TabularTask,
  checkTabularOptions,
  learnEpisodes,
} from "./temporal-difference.ts";

/** The value of what comes after a step, and the action that is taken there where the value depends on it. */
type Ahead = (
  settings: TabularSettings,
  state: number,
) => { readonly value: number; readonly action?: number };

/** `Q(s, a) ← Q(s, a) + α (r + γ · ahead − Q(s, a))`: the loop of all methods of one step. */
export function oneStep(name: string, ahead: Ahead) {
  return (env: TabularTask, options: TabularLearningOptions): Generator<TabularEpisode, void, undefined> => {
    checkTabularOptions(name, options);
    return learnEpisodes(name, env, options, (settings, first) => {
      const { alpha, gamma, q } = settings;
      let [state, action, total, length] = [first, settings.choose(first), 0, 0];
      for (;;) {
        const { observation, reward, terminated, truncated } = env.step(action);
        const next = ahead(settings, observation);
        const row = q[state] as Float64Array;
        const target = reward + (terminated ? 0 : gamma * next.value);
        row[action] = (row[action] ?? NaN) + alpha * (target - (row[action] ?? NaN));
        [state, action, total, length] = [
          observation,
          next.action ?? settings.choose(observation),
          total + reward,
          length + 1,
        ];
        if (terminated || truncated) return { return: total, length };
      }
    });
  };
}
