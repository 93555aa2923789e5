import type { Box } from "./box.ts";
import type { Discrete } from "./discrete.ts";

/** What an agent sees: a vector, or the index of a state. */
export type Observation = Float32Array | number;
/** What an agent does: the index of an action, or a vector. */
export type Action = number | ArrayLike<number>;
/** The values that observations or actions can take. */
export type Space = Discrete | Box;

/** The beginning of an episode. */
export interface Reset<O extends Observation = Observation> {
  readonly observation: O;
}

/** What a step leads to. */
export interface Transition<O extends Observation = Observation> {
  readonly observation: O;
  readonly reward: number;
  /** The episode has reached an end of the task: there is no value after it. */
  readonly terminated: boolean;
  /** The episode is cut off, such as by a time limit: the value of the observation still counts. */
  readonly truncated: boolean;
}

/** Options for {@link Env.reset}. */
export interface ResetOptions {
  /** Seeds the environment. Required the first time; later episodes go on with the same generator. */
  readonly seed?: number;
}

/**
 * A task with states, actions and rewards: Gymnasium's interface. `reset` begins an episode, `step` takes an action.
 *
 * Towers et al., 2024. Gymnasium: a standard interface for reinforcement learning environments. https://arxiv.org/abs/2407.17032
 */
export interface Env<O extends Observation = Observation, A extends Action = Action> {
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  reset(options?: ResetOptions): Reset<O>;
  step(action: A): Transition<O>;
}

/** An environment that one sees as vectors and controls by the index of an action. */
export type DiscreteControl = Env<Float32Array, number> & {
  readonly observationSpace: Box;
  readonly actionSpace: Discrete;
};
/** An environment that one sees as vectors and controls by vectors. */
export type ContinuousControl = Env<Float32Array, ArrayLike<number>> & {
  readonly observationSpace: Box;
  readonly actionSpace: Box;
};
