import { checkArguments, checkChoice, checkOptions, OptionError, ShapeError } from "@pellucid/core-train";
import type { Action, Env, Observation } from "./env.ts";
import { EpisodeError } from "./episode-error.ts";

/** What all environments give at one step. */
export interface VectorTransition<O extends Observation = Observation> {
  readonly observations: readonly O[];
  readonly rewards: readonly number[];
  readonly terminated: readonly boolean[];
  readonly truncated: readonly boolean[];
  /** With `"nextStep"`: whether an environment ignored its action and began an episode, so that this is not a transition. */
  readonly wasReset: readonly boolean[];
  /** With `"sameStep"`: the last observation of the episodes that ended at this step. */
  readonly finalObservations: readonly (O | undefined)[];
}

/** Options for {@link SyncVectorEnv}. */
export interface SyncVectorEnvOptions {
  /**
   * When an ended episode is followed by the next: at the next step, which then is a reset with a reward of 0, or at the same step, whose
   * observation then is the first of the next episode. Default: `"nextStep"`, as in Gymnasium 1.
   */
  readonly autoreset?: "nextStep" | "sameStep";
}

/** Several environments that are stepped together: Gymnasium's `SyncVectorEnv`. */
export class SyncVectorEnv<O extends Observation, A extends Action, E extends Env<O, A> = Env<O, A>> {
  readonly envs: readonly (E & Env<O, A>)[];
  /** When an ended episode is followed by the next. */
  readonly autoreset: "nextStep" | "sameStep";
  #ended: boolean[] | undefined;

  constructor(envs: readonly (E & Env<O, A>)[], options: SyncVectorEnvOptions = {}) {
    checkArguments("SyncVectorEnv", { "{ reset, step }[]": { envs } });
    checkOptions("SyncVectorEnv", options, ["autoreset"]);
    const { autoreset = "nextStep" } = options;
    if (envs.length === 0) throw new OptionError("SyncVectorEnv", "envs", "[]", "at least one environment");
    checkChoice("SyncVectorEnv", "autoreset", autoreset, ["nextStep", "sameStep"]);
    this.envs = envs;
    this.autoreset = autoreset;
  }

  get observationSpace(): E["observationSpace"] {
    return (this.envs[0] as E).observationSpace;
  }

  get actionSpace(): E["actionSpace"] {
    return (this.envs[0] as E).actionSpace;
  }

  /** Begins an episode in each. A number seeds the first, its successors the others; a list has a seed for each. */
  reset({ seed }: { readonly seed?: number | readonly number[] } = {}): readonly O[] {
    if (typeof seed === "object" && seed.length !== this.envs.length)
      throw new ShapeError(`SyncVectorEnv: ${seed.length} seeds for ${this.envs.length} environments.`);
    const observations = this.envs.map((env, i) => {
      const own = typeof seed === "object" ? seed[i] : seed === undefined ? undefined : seed + i;
      return env.reset(own === undefined ? {} : { seed: own }).observation;
    });
    this.#ended = this.envs.map(() => false);
    return observations;
  }

  /**
   * @throws EpisodeError before the first reset
   * @throws ShapeError where there is not one action for each environment
   */
  step(actions: readonly A[]): VectorTransition<O> {
    if (this.#ended === undefined) throw new EpisodeError("SyncVectorEnv: step before the first reset.");
    if (actions.length !== this.envs.length)
      throw new ShapeError(`SyncVectorEnv: ${actions.length} actions for ${this.envs.length} environments.`);
    const wasReset = this.#ended;
    const steps = this.envs.map((env, i) => {
      if (wasReset[i] === true) return { ...env.reset(), reward: 0, terminated: false, truncated: false };
      return env.step(actions[i] as A);
    });
    const ended = steps.map(({ terminated, truncated }) => terminated || truncated);
    const isSameStep = this.autoreset === "sameStep";
    this.#ended = isSameStep ? ended.map(() => false) : ended;
    const finals = steps.map(({ observation }, i) => (isSameStep && ended[i] ? observation : undefined));
    return {
      observations: steps.map(({ observation }, i) =>
        finals[i] === undefined ? observation : (this.envs[i] as E & Env<O, A>).reset().observation,
      ),
      rewards: steps.map(({ reward }) => reward),
      terminated: steps.map(({ terminated }) => terminated),
      truncated: steps.map(({ truncated }) => truncated),
      wasReset,
      finalObservations: finals,
    };
  }
}
