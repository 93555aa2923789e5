import { GridWorld } from "@pellucid/rl/environments";
import { valueIteration } from "@pellucid/rl/tabular";
import { drawing, text } from "./svg.ts";

/** The best action in each cell of a grid, and what it is worth. */
export function policy(): string {
  const map = ["....#..G", ".##.#.#.", ".#..#.#.", ".#.##.#H", "S......."];
  const grid = new GridWorld(map, { stepReward: -0.04, rewards: { G: 1, H: -1 }, slip: 0.2 });
  const { values, policy: best } = valueIteration(grid, { gamma: 0.99 });
  const width = map[0]?.length ?? 0;
  const cells = map.flatMap((row, y) =>
    Array.from(row).map((letter, x) => {
      const state = y * width + x;
      const [left, top] = [32 + 72 * x, 16 + 60 * y];
      const value = values[state] ?? 0;
      const fill =
        letter === "#"
          ? "#4d4f57"
          : `rgb(${255 - 180 * Math.max(0, value)} ${255 - 90 * Math.max(0, value)} 255)`;
      const inside =
        letter === "G" || letter === "H"
          ? text(left + 34, top + 36, letter === "G" ? "+1" : "−1", 'text-anchor="middle" font-weight="bold"')
          : text(left + 34, top + 30, "↑→↓←"[best[state] ?? 0] ?? "", 'text-anchor="middle" font-size="20"') +
            text(left + 34, top + 49, value.toFixed(2), 'text-anchor="middle" font-size="11"');
      return `<rect x="${left}" y="${top}" width="68" height="56" fill="${fill}" stroke="#dedcd5"/>${letter === "#" ? "" : inside}`;
    }),
  );
  return drawing(330, ...cells);
}
