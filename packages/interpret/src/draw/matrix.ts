import { allZero } from "./all-zero.ts";
import { checkDrawn } from "./check-drawn.ts";
import { colorBar } from "./color-bar.ts";
import { colorOf, type ColorScale, colorScale, type ColorScaleOptions } from "./color-scale.ts";
import { html } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { keepColors } from "./keep-colors.ts";
import { short } from "./short.ts";
import type { Values } from "./values.ts";

/** Options for {@link matrix}: names of its rows and columns. */
export interface MatrixOptions extends DrawingOptions, ColorScaleOptions {
  /** Default: numbers from 0 on. */
  readonly rowNames?: readonly string[];
  /** Default: numbers from 0 on. */
  readonly columnNames?: readonly string[];
  /** What the rows are: `is`. Default: `"row"`. */
  readonly rowLabel?: string;
  /** What the columns are: `seen as`. Default: `"column"`. */
  readonly columnLabel?: string;
  readonly scale?: ColorScale;
}

/**
 * A small matrix with its numbers written in its cells: a confusion matrix, the weights between two layers, correlations. It is a table, to be read with
 * the keys that a screen reader has for tables. For large matrices there is {@link heatmap}.
 *
 * @param values `[row, column]`
 */
export function matrix(values: Values, options: MatrixOptions): HTMLElement {
  const [height, width] = checkDrawn("matrix", values, ["row", "column"]) as [number, number];
  const { scale = colorScale(values.data, options), rowLabel = "row", columnLabel = "column" } = options;
  const names = (given: readonly string[] | undefined, count: number) =>
    Array.from({ length: count }, (_, i) => given?.[i] ?? String(i));
  const [rows, columns] = [names(options.rowNames, height), names(options.columnNames, width)];
  const at = (row: number, column: number) => values.data[row * width + column] ?? NaN;
  const cell = (row: number, column: number) => {
    const value = at(row, column);
    const color = colorOf(scale, value);
    const style =
      color === null
        ? ""
        : `${keepColors}background:rgb(${color.join(" ")});color:${luminance(color) > 0.18 ? "#000" : "#fff"};`;
    return html("td", { style: `${style}padding:2px 5px;text-align:right;min-width:1.6em` }, short(value));
  };
  const head = "padding:2px 5px;font-weight:600;text-align:right";
  const table = html(
    "table",
    { style: "border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums" },
    html(
      "caption",
      { style: "text-align:left;font-size:12px;padding-bottom:4px" },
      `${rowLabel} ↓  ${columnLabel} →`,
    ),
    html(
      "thead",
      {},
      html(
        "tr",
        {},
        html("td", {}),
        ...columns.map((name) => html("th", { scope: "col", style: head }, name)),
      ),
    ),
    html(
      "tbody",
      {},
      ...rows.map((name, row) =>
        html(
          "tr",
          {},
          html("th", { scope: "row", style: head }, name),
          ...columns.map((_, column) => cell(row, column)),
        ),
      ),
    ),
  );
  const view = html(
    "div",
    { style: "overflow:auto;max-width:100%", tabindex: 0, role: "region", "aria-label": options.title },
    table,
  );
  return figure(
    options,
    view,
    { ...values, rows, columns, scale },
    () => ({
      columns: [rowLabel, ...columns],
      rows: rows.map((name, row) => [name, ...columns.map((_, column) => short(at(row, column)))]),
    }),
    colorBar(scale),
    ...(allZero(values.data) === "" ? [] : [html("small", {}, "all zero")]),
  );
}

/** Relative luminance, IEC 61966-2-1: above 0.18 black is read better than white. */
function luminance(color: readonly number[]): number {
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const part = (color[i] ?? NaN) / 255;
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);
}
