import { inFours, panels, positionTable, tapTable } from "../../wasm/window.ts";
import { part, type Part, ranges, type Split, split, type Splitter, type Values } from "../split.ts";

type Recurrent = "lstm" | "lstmGradient" | "gru" | "gruGradient" | "rnn" | "rnnGradient";

/** Products of numbers for which threads pay: some 100 µs. */
const LEAST = 4_000_000;

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
          ...(i > 0 && { states: room((v.time + 1) * state), decays: room(v.time * state) }),
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
      v.batch > 1
        ? ranges(v.batch, splitter.threads).map((own, i) => examples(v, splitter, own, i > 0))
        : ranges(v.groups, splitter.threads).map((own, i) => heads(v, splitter, own, i > 0)),
    ],
  }),
];

type Attention = Values<"attention">;
type Range = ReturnType<typeof ranges>[number];

function examples(v: Attention, splitter: Splitter, { first, count }: Range, isApart: boolean): Part {
  const [ofQuery, ofKey] = [first * v.heads, first * v.groups];
  return part("attention", {
    ...attentionFrom(v, splitter, ofQuery, ofKey, [first, 0], isApart),
    batch: count,
  });
}

/** Heads with the keys and values that they share. */
function heads(v: Attention, splitter: Splitter, { first, count }: Range, isApart: boolean): Part {
  const perGroup = v.heads / v.groups;
  const own = attentionFrom(v, splitter, first * perGroup, first, [0, first * perGroup], isApart);
  return part("attention", { ...own, heads: count * perGroup, groups: count });
}

function attentionFrom(
  v: Attention,
  splitter: Splitter,
  queryHead: number,
  keyHead: number,
  [example, head]: readonly [number, number],
  isApart: boolean,
): Attention {
  const { words, room } = splitter;
  const skipped = (axis: number) =>
    example * (words[v.strides / 4 + axis] as number) + head * (words[v.strides / 4 + axis + 1] as number);
  const [query, key] = [4 * queryHead * v.queries, 4 * keyHead * v.keys];
  return {
    ...v,
    q: v.q + query * v.features,
    y: v.y + query * v.width,
    denominators: v.denominators + query,
    k: v.k + key * v.features,
    v: v.v + key * v.width,
    bias: v.bias === 0 ? 0 : v.bias + skipped(0),
    dropoutMask: v.dropoutMask === 0 ? 0 : v.dropoutMask + skipped(4),
    ...(isApart && {
      scores: room(4 * v.queries * v.keys),
      panels: room(Math.max(panels(1, v.features, v.keys), panels(1, v.keys, v.width))),
      taps: room(tapTable(1)),
      positions: room(positionTable(v.queries)),
    }),
  };
}

/**
 * @param steps tables with a row for each time step, and how many times `hidden` numbers that has
 * @param states tables with a row for each example
 * @param gates how many times `hidden` numbers the product at a time step has, or is of in a gradient
 * @param isGradient whether the product is one with a transposed matrix, of which few rows are computed in another way
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
      const least = isGradient ? 8 : 4;
      if (batch < 2 * least) return null;
      const [depth, columns] = isGradient ? [gates * hidden, hidden] : [hidden, gates * hidden];
      const parts = ranges(batch, threads, 4, least).map(({ first, count }, i): Part => {
        const at = 4 * first * hidden;
        const moved = [
          ...Object.entries(steps).map(([key, wide]) => [key, (v[key] as number) + at * time * wide]),
          ...states.map((key) => [key, (v[key] as number) + at]),
        ];
        const apart = i > 0 && {
          z: room(4 * count * inFours(columns)),
          panels: room(panels(1, depth, columns)),
          taps: room(tapTable(1)),
          positions: room(positionTable(count)),
        };
        const lengths = values.lengths + 4 * first;
        return { name, values: { ...v, ...Object.fromEntries(moved), lengths, ...apart, batch: count } };
      });
      return [parts];
    },
  };
  return own as unknown as Split; // the recurrences have these arguments in common
}
