import { inFours, packedRoom, panels } from "../../wasm/window.ts";
import { part, type Part, ranges, rooms, type Split, split, type Splitter, type Values } from "../split.ts";

type Recurrent = "lstm" | "lstmGradient" | "gru" | "gruGradient" | "rnn" | "rnnGradient";

/** Products of numbers for which threads pay: some 100 µs. */
const LEAST = 4_000_000;

/** Examples of a part, at least: the rows of a tile of a product. */
const FEWEST = 4;

/** Numbers of a state at all time steps for which they do. */
const LEAST_SCANNED = 50_000;

/** Recurrences and attention, in examples of the batch or in heads. */
export const sequences: readonly Split[] = [
  recurrence("lstm", { x: 4, gates: 4, y: 1, cells: 1 }, ["h", "c"], 4),
  recurrence("lstmGradient", { gates: 4, dx: 4, cells: 1, dy: 1 }, ["initial", "dh", "dc"], 4, true),
  recurrence("gru", { x: 3, gates: 4, y: 1 }, ["h"], 3),
  recurrence("gruGradient", { gates: 4, dx: 3, du: 3, y: 1, dy: 1 }, ["initial", "dh"], 3, true),
  recurrence("rnn", { x: 1, y: 1 }, ["h"], 1),
  recurrence("rnnGradient", { y: 1, dy: 1, dx: 1 }, ["dh"], 1, true),
  split({
    name: "selectiveScan",
    sizes: ["batch", "time", "channels", "size"],
    least: LEAST_SCANNED,
    parts: (v, { threads }) => [
      ranges(v.batch, 2 * threads).map(({ first, count }) => {
        const rows = 4 * first * v.time;
        const [wide, narrow] = [rows * v.channels, rows * v.size];
        const own = { u: v.u + wide, delta: v.delta + wide, y: v.y + wide, B: v.B + narrow, C: v.C + narrow };
        const h = v.h + 4 * first * v.channels * v.size;
        return part("selectiveScan", { ...v, ...own, h, batch: count });
      }),
    ],
  }),
  split({
    name: "selectiveScanGradient",
    sizes: ["batch", "time", "channels", "size"],
    least: LEAST_SCANNED,
    parts: (v, { threads, room }) => [
      ranges(v.batch, threads).map(({ first, count }, i) => {
        const rows = 4 * first * v.time;
        const [wide, narrow] = [rows * v.channels, rows * v.size];
        const state = 4 * v.channels * v.size;
        return part("selectiveScanGradient", {
          ...v,
          u: v.u + wide,
          delta: v.delta + wide,
          dy: v.dy + wide,
          du: v.du + wide,
          dDelta: v.dDelta + wide,
          B: v.B + narrow,
          C: v.C + narrow,
          dB: v.dB + narrow,
          dC: v.dC + narrow,
          initial: v.initial + first * state,
          g: v.g + first * state,
          dA: v.dA + first * state,
          ...(i > 0 && {
            states: room((v.time + 1) * state),
            decays: room(v.time * state),
            sumsOfA: room(2 * state),
            sumsOfB: room(8 * v.size),
            sumsOfC: room(8 * v.size),
          }),
          batch: count,
        });
      }),
    ],
  }),
  split({
    name: "attention",
    sizes: ["batch", "heads", "queries", "keys", "features"],
    least: LEAST / 2,
    parts: (v, splitter) => [
      attentionParts("attention", v, splitter, ({ block, keys, features, width }) => ({
        scores: 4 * block * keys,
        keyPanels: panels(1, features, keys),
        panels: panels(1, keys, width),
        parts: 4 * inFours(block * width),
        sums: 8 * inFours(block * width),
      })),
    ],
  }),
  split({
    name: "attentionGradient",
    sizes: ["batch", "heads", "queries", "keys", "features"],
    least: LEAST / 5,
    parts: (v, splitter) => [
      attentionParts("attentionGradient", v, splitter, ({ block, keys, features, width }) => ({
        weights: 4 * block * keys,
        scores: 4 * block * keys,
        offsets: 4 * keys,
        keySums: 8 * keys * inFours(features),
        valueSums: 8 * keys * inFours(width),
        keyPanels: panels(1, features, keys),
        valuePanels: panels(1, width, keys),
        panels: panels(1, keys, features),
        parts: 4 * inFours(block * features),
        sums: 8 * inFours(block * features),
        packed: packedRoom(block, Math.max(features, width)),
      })),
    ],
  }),
];

type Attention = Values<"attention"> | Values<"attentionGradient">;

/** Examples of the batch, or, of a single one, heads with the keys and values that they share. */
function attentionParts(
  name: "attention" | "attentionGradient",
  v: Attention,
  splitter: Splitter,
  room: (values: Values<"attentionGradient">) => Readonly<Record<string, number>>,
): readonly Part[] {
  const all: Readonly<Record<string, number>> = { ...v };
  const isOne = v.batch === 1;
  const perGroup = v.heads / v.groups;
  return ranges(isOne ? v.groups : v.batch, 2 * splitter.threads).map(({ first, count }, i) => {
    const [example, head] = isOne ? [0, first * perGroup] : [first, 0];
    const [queries, keys] = isOne ? [head, first] : [first * v.heads, first * v.groups];
    const rows = { query: 4 * queries * v.queries, key: 4 * keys * v.keys };
    const moved = Object.entries(ROWS).flatMap(([table, [of, wide]]) =>
      table in all ? [[table, (all[table] as number) + rows[of] * (wide === null ? 1 : v[wide])]] : [],
    );
    const skipped = (address: number, axis: number) => {
      const step = (i: number) => splitter.words[v.strides / 4 + axis + i] as number;
      return address === 0 ? 0 : address + example * step(0) + head * step(1);
    };
    const own = { bias: skipped(v.bias, 0), dropoutMask: skipped(v.dropoutMask, 4) };
    const sizes = isOne ? { heads: count * perGroup, groups: count } : { batch: count };
    const apart = i > 0 && rooms(room(v as Values<"attentionGradient">), splitter.room);
    return { name, values: { ...all, ...Object.fromEntries(moved), ...own, ...sizes, ...apart } };
  });
}

/** The tables of attention and its gradient: whether they have a row for each query or each key, and how wide it is. */
const ROWS: Readonly<Record<string, readonly ["query" | "key", "features" | "width" | null]>> = {
  q: ["query", "features"],
  dq: ["query", "features"],
  y: ["query", "width"],
  dy: ["query", "width"],
  denominators: ["query", null],
  dDenominators: ["query", null],
  k: ["key", "features"],
  dk: ["key", "features"],
  v: ["key", "width"],
  dv: ["key", "width"],
};

/**
 * @param steps tables with a row for each time step, and how many times `hidden` numbers that has
 * @param states tables with a row for each example
 * @param gates how many times `hidden` numbers the product at a time step has, or is of in a gradient
 * @param isGradient whether the product is one with a transposed matrix
 */
function recurrence<Name extends Recurrent>(
  name: Name,
  steps: Readonly<Record<string, number>>,
  states: readonly string[],
  gates: number,
  isGradient = false,
): Split {
  const own = {
    name: name as Recurrent,
    sizes: ["batch", "time", "hidden", "hidden"] as const,
    least: LEAST / gates,
    parts(values: Values<Recurrent>, { threads, room }: Splitter) {
      const v: Readonly<Record<string, number>> = values;
      const { batch, time, hidden } = values;
      if (batch < 2 * FEWEST) return null;
      const [depth, columns] = isGradient ? [gates * hidden, hidden] : [hidden, gates * hidden];
      const parts = ranges(batch, threads, 2, FEWEST).map(({ first, count }, i): Part => {
        const at = 4 * first * hidden;
        const moved = [
          ...Object.entries(steps).map(([key, wide]) => [key, (v[key] as number) + at * time * wide]),
          ...states.map((key) => [key, (v[key] as number) + at]),
        ];
        const apart = i > 0 && {
          z: room(4 * count * inFours(columns)),
          panels: room(panels(1, depth, columns)),
        };
        const lengths = values.lengths + 4 * first;
        return { name, values: { ...v, ...Object.fromEntries(moved), lengths, ...apart, batch: count } };
      });
      return [parts];
    },
  };
  return own as unknown as Split; // the recurrences have these arguments in common
}
