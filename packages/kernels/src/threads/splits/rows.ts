import { part, ranges, type Split, split } from "../split.ts";

/** What is computed for each row by itself, in rows. */
export const rows: readonly Split[] = [
  split({
    name: "layerNorm",
    sizes: ["rows", "columns"],
    least: 60_000,
    parts: (v, { threads }) => [
      ranges(v.rows, 4 * threads).map(({ first, count }) => {
        const [from, at] = [4 * first * v.columns, 4 * first];
        const own = { x: v.x + from, y: v.y + from, means: v.means + at, rates: v.rates + at };
        return part("layerNorm", { ...v, ...own, rows: count });
      }),
    ],
  }),
  split({
    name: "rmsNorm",
    sizes: ["rows", "columns"],
    least: 60_000,
    parts: (v, { threads }) => [
      ranges(v.rows, 4 * threads).map(({ first, count }) => {
        const from = 4 * first * v.columns;
        const own = { x: v.x + from, y: v.y + from, rates: v.rates + 4 * first };
        return part("rmsNorm", { ...v, ...own, rows: count });
      }),
    ],
  }),
  split({
    name: "rowSum",
    sizes: ["rows", "columns"],
    least: 400_000,
    parts: (v, { threads }) => [
      ranges(v.rows, 4 * threads).map(({ first, count }) => {
        const own = { x: v.x + 4 * first * v.columns, sums: v.sums + 4 * first };
        return part("rowSum", { ...v, ...own, rows: count });
      }),
    ],
  }),
  split({
    name: "permute",
    sizes: ["outer", "middle", "inner", "rows", "columns"],
    least: 400_000,
    parts: (v, { threads }) => [
      ranges(v.outer, 4 * threads).map(({ first, count }) => {
        const own = { from: v.from + first * v.outerFrom, to: v.to + first * v.outerTo };
        return part("permute", { ...v, ...own, outer: count });
      }),
    ],
  }),
  split({
    name: "gatherSum",
    sizes: ["rows", "features"],
    least: 50_000,
    parts: (v, { threads }) => [
      ranges(v.rows, 8 * threads).map(({ first, count }) => {
        const own = { ptr: v.ptr + 4 * first, y: v.y + 4 * first * v.features };
        return part("gatherSum", { ...v, ...own, rows: count });
      }),
    ],
  }),
];
