import { svg } from "./element-of.ts";
import { short } from "./short.ts";

/** A plane with axes: from numbers to positions. */
export interface Chart {
  readonly picture: SVGSVGElement;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** The range of an axis. */
export type Range = readonly [low: number, high: number];

/** An empty chart with labeled axes, in the text's color. */
export function chart(title: string, xs: Range, ys: Range, xLabel: string, yLabel: string): Chart {
  const [width, height, left, right, top, bottom] = [420, 260, 56, 12, 8, 40];
  const line = (low: number, high: number, from: number, to: number) => (value: number) =>
    from + ((value - low) / (high - low || 1)) * (to - from);
  const x = line(...xs, left, width - right);
  const y = line(...ys, height - bottom, top);
  const text = { fill: "currentColor", "font-size": 11, "font-family": "system-ui, sans-serif" };
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      role: "img",
      "aria-label": title,
      style: "max-width:100%;height:auto",
    },
    ...ticksOf(xs).map((tick) =>
      svg("text", { ...text, x: x(tick), y: height - bottom + 15, "text-anchor": "middle" }, tickText(tick)),
    ),
    ...ticksOf(ys).flatMap((tick) => [
      svg("line", {
        x1: left,
        x2: width - right,
        y1: y(tick),
        y2: y(tick),
        stroke: "currentColor",
        "stroke-opacity": 0.15,
      }),
      svg("text", { ...text, x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, tickText(tick)),
    ]),
    svg("text", { ...text, x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle" }, xLabel),
    svg(
      "text",
      {
        ...text,
        transform: `translate(12 ${(top + height - bottom) / 2}) rotate(-90)`,
        "text-anchor": "middle",
      },
      yLabel,
    ),
  );
  return { picture, x, y };
}

const compact = new Intl.NumberFormat("en", { notation: "compact" });

/** A tick's label: from 10,000 on `50K` and `1.5M`, for which there is room. */
export const tickText = (tick: number): string =>
  Math.abs(tick) >= 1e4 ? compact.format(tick).replace("-", "−") : short(tick);

/** From the smallest to the largest finite number. */
export function rangeOf(values: Iterable<number>): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Round numbers in a range, four to eight of them: steps of 1, 2 or 5 times a power of ten. */
export function ticksOf([low, high]: Range): number[] {
  const rough = (high - low) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((n) => n * power >= 0.8 * rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
