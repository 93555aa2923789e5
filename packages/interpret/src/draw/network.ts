import { classColor } from "./color-map.ts";
import { colorBar } from "./color-bar.ts";
import { colorOf, colorScale, type ColorScaleOptions } from "./color-scale.ts";
import { DrawingError } from "./check-drawn.ts";
import { html, svg } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { short } from "./short.ts";

/** Nodes at positions, and the edges between them. */
export interface DrawnNetwork {
  /** Where each node is. */
  readonly positions: readonly (readonly [x: number, y: number])[];
  /** Pairs of nodes. */
  readonly edges: readonly (readonly [source: number, target: number])[];
}

/** Options for {@link network}. */
export interface NetworkOptions extends DrawingOptions {
  /** What is written in each node. Default: its number. */
  readonly nodeLabels?: readonly string[];
  /** The class of each node, which has a color. */
  readonly classes?: ArrayLike<number>;
  /** What the classes are called: said below the picture, next to their colors. Default: nothing. */
  readonly classNames?: readonly string[];
  /** A number of each node, which is its color instead. */
  readonly nodeAmounts?: ArrayLike<number>;
  /** A number of each edge: the larger, the wider and darker it is. Default: all alike. */
  readonly edgeAmounts?: ArrayLike<number>;
  /** What the numbers of edges are: said below the picture. */
  readonly edgeLabel?: string;
  /** Whether edges have arrow heads. Default: false. */
  readonly directed?: boolean;
  /** Nodes with a second ring, such as the one that is explained. */
  readonly marked?: readonly number[];
  /** What the numbers are. */
  readonly amountLabel?: string;
  /** How numbers become colors, to compare several pictures. */
  readonly scale?: ColorScaleOptions;
  /** The width in pixels. Default: 420. */
  readonly size?: number;
  /** The height in pixels: say it where pictures of several layouts follow each other. Default: what the nodes need, at most the width. */
  readonly height?: number;
}

let arrows = 0;

/** Nodes as circles with their labels, edges as lines or arrows, where a layout puts them. Tab goes from node to node. */
export function network({ positions, edges }: DrawnNetwork, options: NetworkOptions): HTMLElement {
  const {
    nodeLabels,
    classes,
    nodeAmounts,
    edgeAmounts,
    directed = false,
    marked = [],
    size = 420,
  } = options;
  const count = positions.length;
  if (count === 0) throw new DrawingError("network: got no nodes, expected one at least.");
  const odd = edges.find((ends) => ends.some((node) => positions[node] === undefined));
  if (odd !== undefined)
    throw new DrawingError(
      `network: got an edge from ${odd[0]} to ${odd[1]}, expected nodes from 0 to ${count - 1}.`,
    );
  const radius = Math.max(5, Math.min(15, 60 / Math.sqrt(count)));
  const { at, height } = fitted(positions, size, options.height, radius + 8);
  const scale = nodeAmounts === undefined ? null : colorScale(nodeAmounts, options.scale);
  const largest = Array.from(edgeAmounts ?? [], Math.abs).reduce((most, amount) => Math.max(most, amount), 0);
  const share = (e: number) =>
    edgeAmounts === undefined ? 0.35 : Math.abs(edgeAmounts[e] ?? NaN) / (largest || 1);
  const label = (node: number) => nodeLabels?.[node] ?? String(node);
  const arrow = `network-arrow-${++arrows}`;
  const fill = (node: number) => {
    if (scale !== null) {
      const color = colorOf(scale, nodeAmounts?.[node] ?? NaN);
      return color === null ? "#808080" : `rgb(${color.join(" ")})`;
    }
    return classes === undefined ? "#56b4e9" : classColor(classes[node] ?? NaN);
  };
  const said = (node: number) =>
    [
      `node ${label(node)}`,
      ...(classes === undefined ? [] : [`class ${classes[node]}`]),
      ...(nodeAmounts === undefined
        ? []
        : [`${options.amountLabel ?? "amount"} ${short(nodeAmounts[node] ?? NaN)}`]),
    ].join(", ");
  const order = edges.map((_, e) => e).toSorted((a, b) => share(a) - share(b));
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${size} ${height.toFixed(0)}`,
      width: size,
      role: "group",
      "aria-label": `${options.title}: ${count} nodes, ${edges.length} edges`,
      style: "max-width:100%;height:auto",
    },
    svg(
      "defs",
      {},
      svg(
        "marker",
        { id: arrow, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" },
        svg("path", { d: "M0 0L8 4L0 8z", fill: "currentColor" }),
      ),
    ),
    ...order.map((e) => {
      const [u, v] = edges[e] as readonly [number, number];
      return svg("path", {
        d: pathOf(at[u] as Point, at[v] as Point, radius, u === v),
        fill: "none",
        stroke: "currentColor",
        "stroke-width": (0.6 + 3.4 * share(e)).toFixed(2),
        "stroke-opacity": (0.12 + 0.8 * share(e)).toFixed(2),
        ...(directed ? { "marker-end": `url(#${arrow})` } : {}),
      });
    }),
    ...positions.map((_, node) => {
      const [x, y] = at[node] as Point;
      const circle = { cx: x.toFixed(1), cy: y.toFixed(1) };
      return svg(
        "g",
        { tabindex: 0, role: "img", "aria-label": said(node) },
        ...(marked.includes(node)
          ? [
              svg("circle", {
                ...circle,
                r: radius + 4,
                fill: "none",
                stroke: "currentColor",
                "stroke-width": 2,
              }),
            ]
          : []),
        svg("circle", { ...circle, r: radius, fill: fill(node), stroke: "currentColor", "stroke-width": 1 }),
        ...(radius < 8 && nodeLabels === undefined
          ? []
          : [
              svg(
                "text",
                {
                  ...lettering,
                  x,
                  y,
                  "font-size": Math.round(radius),
                  fill: "#000",
                  stroke: "#fff",
                  "stroke-width": 2.5,
                  "paint-order": "stroke",
                },
                label(node),
              ),
            ]),
      );
    }),
  );
  return figure(
    options,
    picture,
    { positions, edges, classes, nodeAmounts, edgeAmounts },
    () => ({
      columns: ["source", "target", ...(edgeAmounts ? ["amount"] : [])],
      rows: edges.map(([u, v], e) => [
        label(u),
        label(v),
        ...(edgeAmounts ? [short(edgeAmounts[e] ?? NaN)] : []),
      ]),
    }),
    html(
      "div",
      { style: "font-size:12px;max-width:420px" },
      [
        `${count} nodes, ${edges.length} edges`,
        ...(options.edgeLabel === undefined ? [] : [`wide: ${options.edgeLabel}`]),
        ...(scale === null ? [] : [`color: ${options.amountLabel ?? "amount"}`]),
      ].join("; "),
      ...(scale === null ? classKey(options) : []),
      ...(scale === null ? [] : [colorBar(scale)]),
    ),
  );
}

type Point = readonly [x: number, y: number];

const lettering = {
  "font-family": "system-ui, sans-serif",
  "text-anchor": "middle",
  "dominant-baseline": "central",
};

/** Points within a picture, upside up, with one scale for both axes, and the height that they need where none is given. */
function fitted(
  positions: readonly Point[],
  width: number,
  givenHeight: number | undefined,
  margin: number,
): { readonly at: readonly Point[]; readonly height: number } {
  const range = (axis: 0 | 1): Point => {
    const values = positions.map((p) => p[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[left, right], [low, high]] = [range(0), range(1)];
  const [across, up] = [right - left || 1e-9, high - low || 1e-9];
  const most = givenHeight ?? width;
  const factor = Math.min((width - 2 * margin) / across, (most - 2 * margin) / up);
  const height = givenHeight ?? Math.min(width, Math.max(width / 4, up * factor + 2 * margin));
  const at = positions.map(([x, y]): Point => [
    width / 2 + (x - (left + right) / 2) * factor,
    height / 2 - (y - (low + high) / 2) * factor,
  ]);
  return { at, height };
}

/** A dot of its color before the name of each class that there is. */
function classKey({ classes, classNames = [] }: NetworkOptions): HTMLElement[] {
  const seen = new Set(Array.from(classes ?? []));
  const names = [...classNames.entries()].filter(([i]) => seen.has(i));
  if (names.length === 0) return [];
  return [
    html(
      "div",
      { style: "display:flex;flex-wrap:wrap;gap:2px 14px;margin-top:2px" },
      ...names.map(([i, name]) =>
        html(
          "span",
          {},
          html("span", {
            style: `display:inline-block;width:10px;height:10px;border-radius:50%;border:1px solid currentColor;margin-right:5px;background:${classColor(i)}`,
          }),
          name,
        ),
      ),
    ),
  ];
}

/** From the rim of one circle to that of the other; of a loop a circle above its node. */
function pathOf([x1, y1]: Point, [x2, y2]: Point, radius: number, isLoop: boolean): string {
  const n = (value: number) => value.toFixed(1);
  if (isLoop) {
    const r = radius * 0.9;
    return `M${n(x1 - r * 0.7)} ${n(y1 - radius * 0.75)}A${n(r)} ${n(r)} 0 1 1 ${n(x1 + r * 0.7)} ${n(y1 - radius * 0.75)}`;
  }
  const distance = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [((x2 - x1) / distance) * radius, ((y2 - y1) / distance) * radius];
  return `M${n(x1 + dx)} ${n(y1 + dy)}L${n(x2 - dx)} ${n(y2 - dy)}`;
}
