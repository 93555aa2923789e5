import { chart, rangeOf } from "./chart.ts";
import { classColor } from "./color-map.ts";
import { html, svg } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { short } from "./short.ts";

/** What the axes of {@link curves} are. */
export interface CurvesOptions extends DrawingOptions {
  /** Default: `"step"`. */
  readonly xLabel?: string;
  /** Default: `"value"`. */
  readonly yLabel?: string;
  /** Where each number stands. Default: 0, 1, 2, … */
  readonly x?: ArrayLike<number>;
}

/** Series of numbers as lines that differ in color and dashes. A number that is not finite breaks its line. */
export function curves(
  series: Readonly<Record<string, ArrayLike<number>>>,
  options: CurvesOptions,
): HTMLElement {
  const { xLabel = "step", yLabel = "value" } = options;
  const all = Object.entries(series);
  const longest = Math.max(1, ...all.map(([, line]) => line.length));
  const xs = Array.from({ length: longest }, (_, i) => options.x?.[i] ?? i);
  const drawn = chart(
    options.title,
    rangeOf(xs),
    rangeOf(all.flatMap(([, line]) => Array.from(line))),
    xLabel,
    yLabel,
  );
  const dashes = ["", "6 3", "2 3", "8 3 2 3"];
  all.forEach(([, line], i) => {
    let [path, pen] = ["", "M"];
    Array.from(line).forEach((value, step) => {
      if (!Number.isFinite(value)) pen = "M";
      else {
        path += `${pen}${drawn.x(xs[step] ?? NaN).toFixed(1)} ${drawn.y(value).toFixed(1)}`;
        pen = "L";
      }
    });
    drawn.picture.append(
      svg("path", {
        d: path,
        fill: "none",
        stroke: classColor(i),
        "stroke-width": 2,
        "stroke-dasharray": dashes[i % 4] as string,
      }),
    );
  });
  const names = all.map(([name], i) =>
    html("span", { style: "margin-right:12px" }, swatch(classColor(i), dashes[i % 4] as string), ` ${name}`),
  );
  return figure(
    options,
    drawn.picture,
    series,
    () => ({
      columns: [xLabel, ...all.map(([name]) => name)],
      rows: xs.map((x, step) => [short(x), ...all.map(([, line]) => short(line[step] ?? NaN))]),
    }),
    html("div", { style: "font-size:13px" }, ...names),
  );
}

function swatch(color: string, dashes: string): SVGSVGElement {
  return svg(
    "svg",
    { width: 24, height: 8, "aria-hidden": "true" },
    svg("line", {
      x1: 0,
      x2: 24,
      y1: 4,
      y2: 4,
      stroke: color,
      "stroke-width": 2,
      "stroke-dasharray": dashes,
    }),
  );
}
