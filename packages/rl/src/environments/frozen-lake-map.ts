import { checkOptions, checkProbabilities, checkSizes, OptionError } from "@pellucid/core-train";
import { NumpyGenerator } from "../random/numpy-generator.ts";

/** A map of a lake: rows of the letters S (start), F (frozen), H (hole) and G (goal). */
export type LakeMap = readonly string[];

/** Gymnasium's two maps. */
export const lakeMaps = {
  "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
  "8x8": ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"],
} as const satisfies Readonly<Record<string, LakeMap>>;

/** Options for {@link randomLakeMap}. */
export interface RandomLakeMapOptions {
  readonly seed: number;
  /** The length of a side. Default: 8. */
  readonly size?: number;
  /** The probability that a cell is frozen. Default: 0.8. */
  readonly p?: number;
}

/** A random map with a way from the start to the goal: Gymnasium's `generate_random_map`. */
export function randomLakeMap(options: RandomLakeMapOptions): LakeMap {
  checkOptions("randomLakeMap", options, ["seed", "size", "p"]);
  const { seed, size = 8, p = 0.8 } = options;
  checkSizes("randomLakeMap", { size }, 2);
  checkProbabilities("randomLakeMap", { p });
  if (p === 0) throw new OptionError("randomLakeMap", "p", p, "a probability above 0");
  const random = new NumpyGenerator(seed);
  for (;;) {
    const cells = Array.from({ length: size }, () =>
      Array.from({ length: size }, () => (random.random() < p ? "F" : "H")),
    );
    (cells[0] as string[])[0] = "S";
    (cells[size - 1] as string[])[size - 1] = "G";
    const map = cells.map((row) => row.join(""));
    if (reachesGoal(map)) return map;
  }
}

/** Throws an {@link OptionError} unless a map is a rectangle of the four letters with a start. */
export function checkLakeMap(map: LakeMap): void {
  const width = map[0]?.length ?? 0;
  const isValid = width > 0 && map.every((row) => row.length === width && /^[SFHG]+$/.test(row));
  if (isValid && map.some((row) => row.includes("S"))) return;
  const expected =
    "rows of one length of the letters S (start), F (frozen), H (hole) and G (goal), with a start";
  throw new OptionError("FrozenLake", "map", map.join("/"), expected);
}

function reachesGoal(map: LakeMap): boolean {
  const waiting: [row: number, column: number][] = [[0, 0]];
  const seen = new Set<string>();
  for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
    const [row, column] = cell;
    const letter = map[row]?.[column];
    if (letter === "G") return true;
    if (letter === undefined || letter === "H" || seen.has(`${row},${column}`)) continue;
    seen.add(`${row},${column}`);
    waiting.push([row + 1, column], [row - 1, column], [row, column + 1], [row, column - 1]);
  }
  return false;
}
