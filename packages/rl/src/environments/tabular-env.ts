import { checkArguments, IndexError } from "@pellucid/core-train";
import type { NumpyGenerator } from "../random/numpy-generator.ts";
import { Discrete } from "./discrete.ts";
import { SeededEnv } from "./seeded-env.ts";

/** Where an action may lead. */
export interface Outcome {
  readonly probability: number;
  readonly nextState: number;
  readonly reward: number;
  readonly terminated: boolean;
}

/** A finite Markov decision process whose probabilities are known. */
export interface TabularModel {
  readonly observationSpace: Discrete;
  readonly actionSpace: Discrete;
  /** Where an action may lead from a state. The probabilities add up to 1. */
  outcomes(state: number, action: number): readonly Outcome[];
}

/** An environment of numbered states that draws from its known {@link Outcome}s: one number at the reset, one at each step. */
export abstract class TabularEnv extends SeededEnv<number, number> implements TabularModel {
  readonly observationSpace: Discrete;
  readonly actionSpace: Discrete;
  /** The index of the state. */
  state = 0;
  readonly #initial: readonly number[];

  /** @param initial the probability that an episode begins in each state */
  constructor(initial: readonly number[], actions: number) {
    super();
    checkArguments(new.target.name, { numbers: { initial } });
    this.observationSpace = new Discrete(initial.length);
    this.actionSpace = new Discrete(actions);
    this.#initial = initial;
  }

  protected abstract outcomesOf(state: number, action: number): readonly Outcome[];

  /** @throws IndexError for a state or action that there is not */
  outcomes(state: number, action: number): readonly Outcome[] {
    check(this.constructor.name, "state", state, this.observationSpace);
    check(this.constructor.name, "action", action, this.actionSpace);
    return this.outcomesOf(state, action);
  }

  protected begin(random: NumpyGenerator): number {
    this.state = random.categorical(this.#initial);
    return this.state;
  }

  protected advance(action: number, random: NumpyGenerator) {
    const outcomes = this.outcomesOf(this.state, action);
    const { nextState, reward, terminated } = outcomes[
      random.categorical(outcomes.map(({ probability }) => probability))
    ] as Outcome;
    this.state = nextState;
    return { observation: nextState, reward, terminated };
  }
}

function check(caller: string, what: string, index: number, space: Discrete): void {
  if (!space.contains(index))
    throw new IndexError(`${caller}: the ${what} is ${String(index)}, expected ${String(space)}.`);
}
