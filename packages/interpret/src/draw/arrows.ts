import { chart, rangeOf } from "./chart.ts";
import { checkAxes, checkDrawn, DrawingError } from "./check-drawn.ts";
import { svg } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { short } from "./short.ts";
import type { Values } from "./values.ts";

/** How a field of vectors is drawn. */
export interface ArrowsOptions extends DrawingOptions {
  /** Points below the arrows, `[point, 2]`. Default: none. */
  readonly points?: Values;
}

/**
 * Vectors in the plane as arrows. Where one is much longer than the others, all stay readable: an arrow's length is the square root of its vector's, in shares of the longest.
 *
 * @param positions where the arrows begin, `[arrow, 2]`
 * @param vectors `[arrow, 2]`
 */
export function arrows(positions: Values, vectors: Values, options: ArrowsOptions): HTMLElement {
  const [count, two] = checkDrawn("arrows", positions, ["arrow", "2"]) as [number, number];
  checkAxes("arrows", two, 2);
  const [others, parts] = checkDrawn("arrows", vectors, ["arrow", "2"]) as [number, number];
  checkAxes("arrows", parts, 2);
  if (others !== count)
    throw new DrawingError(`arrows: got ${others} vectors at ${count} positions, expected one at each.`);
  const { points } = options;
  if (points !== undefined) checkAxes("arrows", checkDrawn("arrows", points, ["point", "2"])[1] ?? NaN, 2);
  const along = ({ data }: Values, axis: number): number[] =>
    Array.from({ length: data.length / 2 }, (_, i) => data[2 * i + axis] ?? NaN);
  const spread = (axis: number) =>
    rangeOf([...along(positions, axis), ...(points ? along(points, axis) : [])]);
  const { picture, x, y } = chart(options.title, spread(0), spread(1), "first axis", "second axis");
  for (let i = 0; points !== undefined && i < points.data.length / 2; i++)
    picture.append(
      svg("circle", {
        cx: x(points.data[2 * i] ?? NaN).toFixed(1),
        cy: y(points.data[2 * i + 1] ?? NaN).toFixed(1),
        r: 1.5,
        fill: "#d95f02",
        "fill-opacity": 0.7,
      }),
    );
  const lengths = along(vectors, 0).map((dx, i) => Math.hypot(dx, vectors.data[2 * i + 1] ?? NaN));
  const longest = Math.max(...lengths.filter(Number.isFinite), 0) || 1;
  for (let i = 0; i < count; i++) {
    const length = lengths[i] ?? NaN;
    if (!(length > 0 && length < Infinity)) continue;
    const [left, top] = [x(positions.data[2 * i] ?? NaN), y(positions.data[2 * i + 1] ?? NaN)];
    const reach = (22 * Math.sqrt(length / longest)) / length;
    const [dx, dy] = [reach * (vectors.data[2 * i] ?? NaN), -reach * (vectors.data[2 * i + 1] ?? NaN)];
    const tip = ([turned, share]: readonly [number, number]): string => {
      const [cos, sin] = [Math.cos(turned) * share, Math.sin(turned) * share];
      return `${(left + dx - cos * dx + sin * dy).toFixed(1)} ${(top + dy - sin * dx - cos * dy).toFixed(1)}`;
    };
    const [end, one, other] = [
      `${(left + dx).toFixed(1)} ${(top + dy).toFixed(1)}`,
      tip([0.5, 0.35]),
      tip([-0.5, 0.35]),
    ];
    picture.append(
      svg("path", {
        d: `M${left.toFixed(1)} ${top.toFixed(1)}L${end}M${one}L${end}L${other}`,
        fill: "none",
        stroke: "currentColor",
        "stroke-width": 1,
      }),
    );
  }
  return figure(options, picture, { positions, vectors, points }, () => ({
    columns: ["arrow", "first axis", "second axis", "first part", "second part"],
    rows: Array.from({ length: count }, (_, i) => [
      String(i + 1),
      ...[positions, vectors].flatMap(({ data }) => [
        short(data[2 * i] ?? NaN),
        short(data[2 * i + 1] ?? NaN),
      ]),
    ]),
  }));
}
