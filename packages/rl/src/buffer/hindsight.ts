import { checkArguments, checkOptions, checkRng, checkSizes, type Rng } from "@pellucid/core-train";
import type { Experience } from "./replay-buffer.ts";

/** A step towards a goal. */
export interface GoalStep extends Experience {
  /** The goal that was given. */
  readonly goal: ArrayLike<number>;
  /** What was in fact reached by the step, in the form of a goal. */
  readonly achieved: ArrayLike<number>;
}

/** Options for {@link hindsight}. */
export interface HindsightOptions {
  readonly rng: Rng;
  /** The reward of having reached something when something else was the goal, and whether that ends the episode. */
  readonly reward: (
    achieved: ArrayLike<number>,
    goal: ArrayLike<number>,
  ) => { readonly reward: number; readonly terminated: boolean };
  /** How many other goals each step gets. Default: 4. */
  readonly k?: number;
}

/**
 * Hindsight experience replay: the steps of an episode, each once with its goal and `k` times with a goal that a later step of the episode did reach (the strategy
 * "future"), so that there is something to learn where the goal was never reached. Observation and goal are joined into one observation.
 *
 * Andrychowicz et al., 2017. https://arxiv.org/abs/1707.01495
 */
export function hindsight(episode: readonly GoalStep[], options: HindsightOptions): Experience[] {
  checkArguments("hindsight", { array: { episode } });
  checkRng("hindsight", options);
  checkOptions("hindsight", options, ["rng", "reward", "k"]);
  const { rng, reward, k = 4 } = options;
  checkSizes("hindsight", { k });
  return episode.flatMap((step, t) => {
    const goals = Array.from(
      rng.randint(t, episode.length, [k]).data,
      (later) => (episode[later] as GoalStep).achieved,
    );
    return [
      join(step, step.goal, step),
      ...goals.map((goal) => join(step, goal, reward(step.achieved, goal))),
    ];
  });
}

function join(
  { observation, action, nextObservation }: GoalStep,
  goal: ArrayLike<number>,
  { reward, terminated }: { readonly reward: number; readonly terminated: boolean },
): Experience {
  const withGoal = (x: ArrayLike<number>) => Float32Array.from([...Array.from(x), ...Array.from(goal)]);
  return {
    observation: withGoal(observation),
    action,
    reward,
    nextObservation: withGoal(nextObservation),
    terminated,
  };
}
