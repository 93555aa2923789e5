import {
  isEmpty,
  packedRoom,
  paddedGradient,
  paddedInput,
  panels,
  positionTable,
  tapsOf,
  tapTable,
  type Window,
} from "../../wasm/window.ts";
import type { Functions } from "../../wasm/functions.generated.ts";
import { part, type Part, ranges, rooms, type Split, split, type Values } from "../split.ts";

type Windowed = {
  [Name in keyof Functions]: "window" extends keyof Values<Name> ? Name : never;
}[keyof Functions];

/** Products of numbers for which threads pay: some 100 µs. */
const LEAST = 2_000_000;

const inputOf = (w: Window) => 4 * w.inDepth * w.inHeight * w.inWidth * w.inChannels;
const outputOf = (w: Window) => 4 * w.outDepth * w.outHeight * w.outWidth * w.outChannels;
const phaseOf = (w: Window) => Math.ceil(w.inHeight / w.strideHeight) * Math.ceil(w.inWidth / w.strideWidth);

/** Convolutions, their gradients at the input, and pooling, in images; the gradient at the filter in rows of that. */
export const windows: readonly Split[] = [
  perImage("conv2d", { x: inputOf, y: outputOf }, (w, { together }) => ({
    padded: together * paddedInput(w),
    panels: w.groups * panels(tapsOf(w), w.inChannels / w.groups, w.outChannels / w.groups),
    taps: tapTable(tapsOf(w)),
    positions: positionTable(together * w.outHeight * w.outWidth),
  })),
  perImage("convInput", { dy: outputOf, dx: inputOf }, (w, { together }) => ({
    padded: together * paddedGradient(w),
    panels: w.groups * panels(tapsOf(w), w.outChannels / w.groups, w.inChannels / w.groups),
    taps: tapTable(tapsOf(w)),
    positions: positionTable(together * phaseOf(w)),
  })),
  perImage("depthwise", { x: inputOf, y: outputOf }, (w) => ({
    padded: paddedInput(w),
    taps: tapTable(tapsOf(w)),
    positions: positionTable(w.outHeight * w.outWidth),
  })),
  perImage("depthwiseInput", { dy: outputOf, dx: inputOf }, (w) => ({
    padded: paddedGradient(w),
    apart: w.inChannels === w.outChannels ? 0 : 4 * w.inHeight * w.inWidth * w.outChannels,
    taps: tapTable(tapsOf(w)),
    positions: positionTable(phaseOf(w)),
  })),
  perImage("maxPool", { x: inputOf, y: outputOf }, () => ({}), seenBy),
  perImage("maxPoolGradient", { dy: outputOf, x: inputOf, y: outputOf, dx: inputOf }, () => ({}), seenBy),
  perImage("avgPoolGradient", { dy: outputOf, dx: inputOf }, () => ({}), seenBy),
  split({
    name: "conv2dFilter",
    sizes: [],
    least: 1,
    parts(v, splitter) {
      const w = windowAt(splitter.words, v.window);
      if (v.count < 24 || !splitter.pays(productsOf(w), LEAST)) return null;
      const windowsInJob = v.together * v.lines * w.outWidth;
      const packed = packedRoom(windowsInJob, w.outChannels / w.groups);
      const rows = ranges(v.count, splitter.threads, 4, 12);
      return [
        rows.map(({ first, count }, i) => {
          const sizes = { padded: v.together * paddedInput(w), offsets: 4 * v.count, packed };
          return part("conv2dFilter", { ...v, first, count, ...(i > 0 && rooms(sizes, splitter.room)) });
        }),
      ];
    },
  }),
];

/**
 * @param steps bytes from an image to the next
 * @param blocks bytes that each thread works in
 * @param work how many products it adds up, or what takes as long
 */
function perImage<Name extends Windowed>(
  name: Name,
  steps: Readonly<Record<string, (window: Window) => number>>,
  blocks: (window: Window, values: Readonly<Record<"together", number>>) => Readonly<Record<string, number>>,
  work: (window: Window) => number = productsOf,
): Split {
  const own: Split<Name> = {
    name,
    sizes: [],
    least: 1,
    parts(values, splitter) {
      const v = values as Readonly<Record<string, number>>;
      const window = windowAt(splitter.words, v["window"] as number);
      if (!splitter.pays(work(window), LEAST)) return null;
      const together = Math.min(v["together"] ?? 1, Math.ceil(window.batch / splitter.threads));
      const room = blocks(window, { together });
      const parts = ranges(window.batch, splitter.threads, together).map(({ first, count }, i): Part => {
        const at = splitter.room(4 * WINDOW);
        const from = (v["window"] as number) / 4;
        splitter.words.copyWithin(at / 4, from, from + WINDOW);
        splitter.words[at / 4] = count;
        const moved = Object.entries(steps).map(([key, step]) => [
          key,
          (v[key] as number) + first * step(window),
        ]);
        const apart = i === 0 ? {} : rooms(room, splitter.room);
        return { name, values: { ...v, ...Object.fromEntries(moved), ...apart, together, window: at } };
      });
      return [parts];
    },
  };
  return split(own);
}

const names = [
  "batch",
  "inDepth",
  "inHeight",
  "inWidth",
  "inChannels",
  "filterDepth",
  "filterHeight",
  "filterWidth",
  "outDepth",
  "outHeight",
  "outWidth",
  "outChannels",
  "strideDepth",
  "strideHeight",
  "strideWidth",
  "dilationDepth",
  "dilationHeight",
  "dilationWidth",
  "front",
  "top",
  "left",
  "groups",
] as const satisfies readonly (keyof Window)[];

/** The integers of a window. */
const WINDOW = names.length;

function windowAt(words: Int32Array, address: number): Window {
  const entries = names.map((name, i) => [name, words[address / 4 + i]]);
  return Object.fromEntries(entries) as Record<keyof Window, number>;
}

/** Products of numbers that a convolution adds up. */
function productsOf(w: Window): number {
  return (seenBy(w) * w.outChannels) / w.groups;
}

/** Numbers that all positions of a window see. */
function seenBy(w: Window): number {
  if (isEmpty(w)) return 0;
  const positions = w.batch * w.outDepth * w.outHeight * w.outWidth;
  return positions * tapsOf(w) * w.inChannels;
}
