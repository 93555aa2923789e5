import { part, ranges, type Split, split } from "../split.ts";

/** Columns that threads share, at least: the numbers of a cache line. */
const LINE = 16;

/** Numbers for which threads pay: some 50 µs. */
const LEAST = 60_000;

/** Norms of columns, in columns; the gradients of those of rows, in rows and in columns. */
export const norms: readonly Split[] = [
  split({
    name: "batchNorm",
    sizes: ["rows", "columns"],
    least: LEAST,
    parts: (v, { threads, room }) => [
      ranges(v.columns, threads, LINE).map(({ first, count }, i) => {
        const at = 4 * first;
        return part("batchNorm", {
          ...v,
          x: v.x + at,
          y: v.y + at,
          weight: v.weight + at,
          bias: v.bias + at,
          means: v.means + at,
          variances: v.variances + at,
          room: i === 0 ? v.room : room(12 * count),
          columns: count,
        });
      }),
    ],
  }),
  split({
    name: "batchNormGradient",
    sizes: ["rows", "columns"],
    least: LEAST,
    parts: (v, { threads, room }) => [
      ranges(v.columns, threads, LINE).map(({ first, count }, i) => {
        const at = 4 * first;
        return part("batchNormGradient", {
          ...v,
          dy: v.dy + at,
          dMeans: v.dMeans + at,
          dVariances: v.dVariances + at,
          x: v.x + at,
          weight: v.weight + at,
          means: v.means + at,
          variances: v.variances + at,
          dx: v.dx + at,
          dWeight: v.dWeight + at,
          dBias: v.dBias + at,
          room: i === 0 ? v.room : room(24 * count),
          columns: count,
        });
      }),
    ],
  }),
  split({
    name: "layerNormGradient",
    sizes: ["rows", "columns"],
    least: LEAST,
    parts(v, { threads, room }) {
      const inputs = ranges(v.rows, threads).map(({ first, count }) => {
        const [from, at] = [4 * first * v.columns, 4 * first];
        return part("layerNormInput", {
          ...v,
          dy: v.dy + from,
          x: v.x + from,
          dx: v.dx + from,
          dMeans: v.dMeans + at,
          dRates: v.dRates + at,
          means: v.means + at,
          rates: v.rates + at,
          rows: count,
        });
      });
      const weights = ranges(v.columns, threads, LINE).map(({ first, count }, i) => {
        const at = 4 * first;
        return part("layerNormWeight", {
          ...v,
          dy: v.dy + at,
          x: v.x + at,
          dWeight: v.dWeight + at,
          dBias: v.dBias + at,
          room: i === 0 ? v.room : room(24 * count),
          count,
        });
      });
      return [[...inputs, ...weights]];
    },
  }),
];
