import { checkOptions } from "@pellucid/core-train";
import { type Direction, gridMove } from "./grid-move.ts";
import { type Outcome, TabularEnv } from "./tabular-env.ts";

const directions: readonly Direction[] = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
];
const [height, width] = [4, 12];
const start = (height - 1) * width;
const goal = height * width - 1;

/** Options for {@link CliffWalking}. */
export interface CliffWalkingOptions {
  /** Whether one may slip to either side, with a probability of 1/3 each. Default: false. */
  readonly isSlippery?: boolean;
}

/**
 * Along a cliff to the goal, in a grid of 4 × 12 cells: Gymnasium's `CliffWalking`. Actions: up (0), right (1), down (2), left (3). A step gives a reward of −1; the
 * cliff −100, and one is back at the start without an end of the episode. Sutton and Barto, 2018, example 6.6.
 */
export class CliffWalking extends TabularEnv {
  readonly #isSlippery: boolean;

  constructor(options: CliffWalkingOptions = {}) {
    checkOptions("CliffWalking", options, ["isSlippery"]);
    super(
      Array.from({ length: height * width }, (_, i) => (i === start ? 1 : 0)),
      directions.length,
    );
    this.#isSlippery = options.isSlippery ?? false;
  }

  protected outcomesOf(state: number, action: number): readonly Outcome[] {
    if (!this.#isSlippery) return [outcome(state, action, 1)];
    return [-1, 0, 1].map((turn) => outcome(state, (action + 4 + turn) % 4, 1 / 3));
  }
}

function outcome(state: number, action: number, probability: number): Outcome {
  const nextState = gridMove(state, directions[action] as Direction, height, width);
  if (nextState > start && nextState < goal)
    return { probability, nextState: start, reward: -100, terminated: false };
  return { probability, nextState, reward: -1, terminated: nextState === goal };
}
