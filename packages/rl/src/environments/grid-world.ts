import { checkFinite, checkOptions, checkProbabilities, OptionError } from "@pellucid/core-train";
import { type Direction, gridMove } from "./grid-move.ts";
import { type Outcome, TabularEnv } from "./tabular-env.ts";

const directions: readonly Direction[] = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
];

/** Options for {@link GridWorld}. */
export interface GridWorldOptions {
  /** The reward of a step. Default: −1. */
  readonly stepReward?: number;
  /** The reward, in addition to that of the step, of entering an end, by its letter. Default: none. */
  readonly rewards?: Readonly<Record<string, number>>;
  /** The probability of going to each side of where one wants, half of it to the left and half to the right. Default: 0. */
  readonly slip?: number;
}

/**
 * A grid that is drawn as text: `S` is a start, `#` a wall, `.` a free cell, and any other letter an end of the episode. Actions: up (0), right (1), down (2),
 * left (3). Without a start, an episode begins in any free cell. Against walls and borders one stays. Sutton and Barto, 2018, example 4.1.
 *
 * ```ts
 * new GridWorld(["...G", ".#.H", "S..."], { stepReward: -0.04, rewards: { G: 1, H: -1 }, slip: 0.2 });
 * ```
 */
export class GridWorld extends TabularEnv {
  readonly map: readonly string[];
  readonly #options: Required<GridWorldOptions>;

  /** @throws OptionError where the rows have different lengths, or no cell is free */
  constructor(map: readonly string[], options: GridWorldOptions = {}) {
    if (!Array.isArray(map) || map.some((row) => typeof row !== "string"))
      throw new OptionError("GridWorld", "map", String(map), 'an array of rows, such as ["S.", ".G"]');
    checkOptions("GridWorld", options, ["stepReward", "rewards", "slip"]);
    const { stepReward = -1, rewards = {}, slip = 0 } = options;
    const cells = Array.from(map.join(""));
    const begins = cells.map((cell) => cell === (cells.includes("S") ? "S" : "."));
    const count = begins.filter(Boolean).length;
    if (count === 0 || map.some((row) => row.length !== (map[0] as string).length))
      throw new OptionError(
        "GridWorld",
        "map",
        map.join("/"),
        "rows of one length, with a start S or a free cell",
      );
    checkFinite("GridWorld", { stepReward, ...rewards });
    checkProbabilities("GridWorld", { slip });
    super(
      begins.map((isStart) => (isStart ? 1 / count : 0)),
      directions.length,
    );
    this.map = map;
    this.#options = { stepReward, rewards, slip };
  }

  protected outcomesOf(state: number, action: number): readonly Outcome[] {
    if (this.#isEnd(state)) return [{ probability: 1, nextState: state, reward: 0, terminated: true }];
    const { slip } = this.#options;
    if (slip === 0) return [this.#outcome(state, action, 1)];
    return [slip / 2, 1 - slip, slip / 2].map((p, i) => this.#outcome(state, (action + 3 + i) % 4, p));
  }

  #outcome(state: number, towards: number, probability: number): Outcome {
    const moved = gridMove(
      state,
      directions[towards] as Direction,
      this.map.length,
      (this.map[0] as string).length,
    );
    const nextState = this.#letter(moved) === "#" ? state : moved;
    const { stepReward, rewards } = this.#options;
    const terminated = this.#isEnd(nextState);
    const reward = stepReward + (terminated ? (rewards[this.#letter(nextState)] ?? 0) : 0);
    return { probability, nextState, reward, terminated };
  }

  #letter(cell: number): string {
    const width = (this.map[0] as string).length;
    return (this.map[Math.floor(cell / width)] as string)[cell % width] as string;
  }

  #isEnd(cell: number): boolean {
    return !"S#.".includes(this.#letter(cell));
  }
}
