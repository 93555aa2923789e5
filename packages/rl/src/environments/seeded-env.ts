import { OptionError } from "@pellucid/core-train";
import { NumpyGenerator } from "../random/numpy-generator.ts";
import type { Action, Env, Observation, Reset, ResetOptions, Space, Transition } from "./env.ts";
import { EpisodeError } from "./episode-error.ts";

/**
 * An environment with one generator. It checks that episodes begin with a seed, that actions are in the action space, and that no step
 * follows the end; what is left to define is how an episode begins and how an action changes the state.
 */
export abstract class SeededEnv<O extends Observation, A extends Action> implements Env<O, A> {
  abstract readonly observationSpace: Space;
  abstract readonly actionSpace: Space;
  #random: NumpyGenerator | undefined;
  #isOver = true;

  /** Draws the first state. */
  protected abstract begin(random: NumpyGenerator): O;
  /** Changes the state. */
  protected abstract advance(action: A, random: NumpyGenerator): Omit<Transition<O>, "truncated">;

  /** @throws EpisodeError the first time without a seed */
  reset({ seed }: ResetOptions = {}): Reset<O> {
    if (seed !== undefined) this.#random = new NumpyGenerator(seed);
    if (this.#random === undefined)
      throw new EpisodeError(
        `${this.constructor.name}: the first reset needs a seed, such as reset({ seed: 0 }).`,
      );
    this.#isOver = false;
    return { observation: this.begin(this.#random) };
  }

  /**
   * @throws EpisodeError before the first reset, and after the end of an episode
   * @throws OptionError for an action outside the action space
   */
  step(action: A): Transition<O> {
    const name = this.constructor.name;
    if (this.#random === undefined) throw new EpisodeError(`${name}: step before the first reset.`);
    if (this.#isOver) throw new EpisodeError(`${name}: step after the end of the episode. Call reset first.`);
    this.checkAction(action);
    const transition = this.advance(action, this.#random);
    this.#isOver = transition.terminated;
    return { ...transition, truncated: false };
  }

  protected checkAction(action: A): void {
    if (this.actionSpace.contains(action)) return;
    const shown = typeof action === "object" ? `[${Array.from(action).join(", ")}]` : action;
    throw new OptionError(this.constructor.name, "action", shown, String(this.actionSpace));
  }
}
