import { checkSizes } from "@pellucid/core-train";
import type { Action, Env, Observation, Reset, ResetOptions, Transition } from "./env.ts";
import { EpisodeError } from "./episode-error.ts";

/** Cuts episodes off after a number of steps: `truncated`, not `terminated`. Gymnasium's `TimeLimit`. */
export class TimeLimit<
  O extends Observation,
  A extends Action,
  E extends Env<O, A> = Env<O, A>,
> implements Env<O, A> {
  readonly env: E & Env<O, A>;
  readonly maxEpisodeSteps: number;
  #steps = 0;
  #isOver = false;

  constructor(env: E & Env<O, A>, maxEpisodeSteps: number) {
    checkSizes("TimeLimit", { maxEpisodeSteps });
    this.env = env;
    this.maxEpisodeSteps = maxEpisodeSteps;
  }

  get observationSpace(): E["observationSpace"] {
    return this.env.observationSpace;
  }

  get actionSpace(): E["actionSpace"] {
    return this.env.actionSpace;
  }

  reset(options?: ResetOptions): Reset<O> {
    const first = this.env.reset(options);
    this.#steps = 0;
    this.#isOver = false;
    return first;
  }

  /** @throws EpisodeError after the limit */
  step(action: A): Transition<O> {
    if (this.#isOver)
      throw new EpisodeError(
        `TimeLimit: step after step ${this.maxEpisodeSteps}, the last. Call reset first.`,
      );
    const transition = this.env.step(action);
    this.#steps++;
    this.#isOver = this.#steps >= this.maxEpisodeSteps;
    return { ...transition, truncated: transition.truncated || this.#isOver };
  }
}
