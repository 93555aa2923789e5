import { chart, rangeOf } from "./chart.ts";
import { checkAxes, checkDrawn } from "./check-drawn.ts";
import { colorBar } from "./color-bar.ts";
import { classColor } from "./color-map.ts";
import { colorOf, colorScale } from "./color-scale.ts";
import { html, svg } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { short } from "./short.ts";
import type { Values } from "./values.ts";

/** What is known of each point. */
export interface ScatterOptions extends DrawingOptions {
  /** Each point's class: its color, and its number as the mark. */
  readonly classes?: ArrayLike<number>;
  /** What the classes are called: said below the map. Default: numbers alone. */
  readonly classNames?: readonly string[];
  /** A number of each point, which becomes its color in place of the class's: how far it can be believed, say. */
  readonly amounts?: ArrayLike<number>;
  /** What the axes reach over, for maps that are to be compared: from the least to the largest. Default: over the points. */
  readonly range?: readonly [first: readonly [number, number], second: readonly [number, number]];
  /** What that number is. */
  readonly amountLabel?: string;
}

/**
 * Points in the plane; a point of a class is drawn as the class's number, so that color is not needed to tell them apart.
 *
 * @param points `[point, 2]`
 */
export function scatter(points: Values, options: ScatterOptions): HTMLElement {
  const [count, two] = checkDrawn("scatter", points, ["point", "2"]) as [number, number];
  checkAxes("scatter", two, 2);
  const at = (point: number, axis: number) => points.data[point * two + axis] ?? NaN;
  const along = (axis: number) => Array.from({ length: count }, (_, point) => at(point, axis));
  const { picture, x, y } = chart(
    options.title,
    options.range?.[0] ?? rangeOf(along(0)),
    options.range?.[1] ?? rangeOf(along(1)),
    "first axis",
    "second axis",
  );
  const { classes, amounts, amountLabel = "amount" } = options;
  const scale = amounts === undefined ? null : colorScale(amounts);
  const colorAt = (point: number, one: number) =>
    scale === null
      ? classColor(one)
      : `rgb(${(colorOf(scale, amounts?.[point] ?? NaN) ?? [128, 128, 128]).join(" ")})`;
  let missing = 0;
  for (let point = 0; point < count; point++) {
    if (!(Number.isFinite(at(point, 0)) && Number.isFinite(at(point, 1)))) {
      missing++;
      continue;
    }
    const [left, top] = [x(at(point, 0)).toFixed(1), y(at(point, 1)).toFixed(1)];
    const one = classes?.[point];
    picture.append(
      one === undefined
        ? svg("circle", { cx: left, cy: top, r: 2.5, fill: colorAt(point, 0), "fill-opacity": 0.7 })
        : svg(
            "text",
            {
              x: left,
              y: top,
              fill: colorAt(point, one),
              ...(scale === null ? {} : { stroke: "#8886", "stroke-width": 0.4 }),
              "font-size": 10,
              "font-weight": 700,
              "text-anchor": "middle",
              "dominant-baseline": "central",
            },
            String(one),
          ),
    );
  }
  return figure(
    options,
    picture,
    { points, classes, amounts },
    () => ({
      columns: [
        "point",
        "first axis",
        "second axis",
        ...(classes ? ["class"] : []),
        ...(amounts ? [amountLabel] : []),
      ],
      rows: along(0).map((value, point) => [
        String(point + 1),
        short(value),
        short(at(point, 1)),
        ...(classes ? [String(classes[point])] : []),
        ...(amounts ? [short(amounts[point] ?? NaN)] : []),
      ]),
    }),
    html(
      "div",
      { style: "font-size:12px;max-width:420px" },
      [
        `${count} points`,
        ...classLegend(options),
        ...(missing === 0 ? [] : [`${missing} without finite coordinates, not drawn`]),
        ...(scale === null ? [] : [`color: ${amountLabel}`]),
      ].join("; "),
      ...(scale === null ? [] : [colorBar(scale)]),
    ),
  );
}

/** `0 circle, 1 square`, of the classes that there are. */
export function classLegend({ classes, classNames }: ScatterOptions): string[] {
  if (classes === undefined || classNames === undefined) return [];
  const seen = new Set(Array.from(classes));
  return [
    classNames.flatMap((name, i) => (seen.has(i) && name !== String(i) ? [`${i} ${name}`] : [])).join(", "),
  ].filter((text) => text !== "");
}
