import { checkOptions, checkProbabilities } from "@pellucid/core-train";
import { checkLakeMap, lakeMaps, type LakeMap } from "./frozen-lake-map.ts";
import { type Direction, gridMove } from "./grid-move.ts";
import { type Outcome, TabularEnv } from "./tabular-env.ts";

const directions: readonly Direction[] = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];

/** Options for {@link FrozenLake}. */
export interface FrozenLakeOptions {
  /** Default: `lakeMaps["4x4"]`. */
  readonly map?: LakeMap;
  /** Whether one may slip to either side. Default: true. */
  readonly isSlippery?: boolean;
  /** The probability of going where one wants, on a slippery lake. Default: 1/3. */
  readonly successRate?: number;
}

/**
 * Across a frozen lake with holes to the goal, which gives a reward of 1: Gymnasium's `FrozenLake`. Actions: left (0), down (1), right (2), up (3).
 * The observation is the number of the cell, row by row. Holes and the goal end the episode.
 */
export class FrozenLake extends TabularEnv {
  readonly map: LakeMap;
  readonly #probabilities: readonly number[];
  readonly #isSlippery: boolean;

  constructor(options: FrozenLakeOptions = {}) {
    checkOptions("FrozenLake", options, ["map", "isSlippery", "successRate"]);
    const { map = lakeMaps["4x4"], isSlippery = true, successRate = 1 / 3 } = options;
    checkLakeMap(map);
    checkProbabilities("FrozenLake", { successRate });
    const cells = Array.from(map.join(""));
    const starts = cells.filter((cell) => cell === "S").length;
    super(
      cells.map((cell) => (cell === "S" ? 1 / starts : 0)),
      directions.length,
    );
    this.map = map;
    this.#isSlippery = isSlippery;
    this.#probabilities = [(1 - successRate) / 2, successRate, (1 - successRate) / 2];
  }

  protected outcomesOf(state: number, action: number): readonly Outcome[] {
    if (this.#isEnd(state)) return [{ probability: 1, nextState: state, reward: 0, terminated: true }];
    if (!this.#isSlippery) return [this.#outcome(state, action, 1)];
    return this.#probabilities.map((probability, i) =>
      this.#outcome(state, (action + 3 + i) % 4, probability),
    );
  }

  #outcome(state: number, towards: number, probability: number): Outcome {
    const { length, 0: first } = this.map;
    const nextState = gridMove(state, directions[towards] as Direction, length, (first as string).length);
    const reward = this.#letter(nextState) === "G" ? 1 : 0;
    return { probability, nextState, reward, terminated: this.#isEnd(nextState) };
  }

  #letter(cell: number): string {
    const width = (this.map[0] as string).length;
    return (this.map[Math.floor(cell / width)] as string)[cell % width] as string;
  }

  #isEnd(cell: number): boolean {
    return "HG".includes(this.#letter(cell));
  }
}
