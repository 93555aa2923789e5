import type { ColorName } from "@pellucid/interpret/parts/tokens";
import { html, svg } from "../../../interpret/src/draw/element-of.ts";

/** A line of a chart. */
export interface ChartLine {
  readonly name: string;
  readonly values: readonly number[];
  readonly color: ColorName;
}

/** What a chart shows. */
export interface ChartData {
  readonly x: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** How a value is written. */
  readonly text: (value: number) => string;
  /** The least and the largest value. Default: from 0 to 1. */
  readonly range?: readonly [least: number, most: number];
}

const isNarrow = matchMedia("(max-width: 480px)");

/** Lines over one axis, named at their ends, with a table for readers of the screen. */
export function lineChart({ x, lines, xLabel, yLabel, text, range = [0, 1] }: ChartData): HTMLElement {
  const width = isNarrow.matches ? 350 : 520; // what is drawn for a wide screen cannot be read on a narrow one
  const [height, left, bottom, right, top] = [224, 44, 34, 110, 22];
  const first = x[0] ?? 0;
  const last = x.at(-1) ?? 1;
  const [least, most] = range;
  const at = (i: number) => left + ((width - left - right) * ((x[i] ?? 0) - first)) / (last - first || 1);
  const up = (value: number) => {
    const share = (Math.min(most, Math.max(least, value)) - least) / (most - least || 1);
    return height - bottom - (height - bottom - top) * share;
  };
  const ends = lines.map(({ values }) => up(values.at(-1) ?? 0));
  const order = ends.map((_, i) => i).toSorted((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0));
  const label = new Map<number, number>();
  let free = -Infinity;
  for (const i of order) {
    const y = Math.max(ends[i] ?? 0, free);
    label.set(i, y);
    free = y + 15;
  }
  let written = -Infinity;
  const ticks = x.filter((_, i) => {
    if (x.length > 12 && i % Math.ceil(x.length / 8) !== 0) return false;
    if (at(i) < written + 20) return false;
    written = at(i);
    return true;
  });
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "line-chart", "aria-hidden": "true" },
    svg("path", { class: "axis", d: `M${left} ${top}V${height - bottom}H${width - right}` }),
    ...[least, (least + most) / 2, most].map((value) =>
      svg("text", { x: left - 6, y: up(value) + 4, "text-anchor": "end" }, text(value)),
    ),
    ...ticks.map((value) =>
      svg(
        "text",
        { x: at(x.indexOf(value)), y: height - bottom + 15, "text-anchor": "middle" },
        String(Math.round(1e3 * value) / 1e3),
      ),
    ),
    svg("text", { x: width - right, y: height - 5, "text-anchor": "end" }, xLabel),
    svg("text", { x: left + 6, y: top - 2 }, yLabel),
    ...lines.flatMap(({ name, values, color }, i) => [
      svg("path", {
        class: "line",
        style: `stroke: var(--${color})`,
        d: values.map((v, k) => `${k === 0 ? "M" : "L"}${at(k).toFixed(1)} ${up(v).toFixed(1)}`).join(""),
      }),
      svg("text", { x: width - right + 6, y: (label.get(i) ?? 0) + 4, style: `fill: var(--${color})` }, name),
    ]),
  );
  const head = html(
    "tr",
    {},
    html("th", { scope: "col" }, xLabel),
    ...lines.map(({ name }) => html("th", { scope: "col" }, name)),
  );
  const rows = x.map((value, i) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, String(Math.round(1e4 * value) / 1e4)),
      ...lines.map(({ values }) => html("td", {}, text(values[i] ?? Number.NaN))),
    ),
  );
  const table = html(
    "details",
    { class: "chart-table" },
    html("summary", {}, "Data table"),
    html("table", { class: "plain" }, head, ...rows),
  );
  return html("div", { class: "chart" }, picture, table);
}
