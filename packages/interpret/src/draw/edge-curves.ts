import { chart, rangeOf } from "./chart.ts";
import { html, svg } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { short } from "./short.ts";

/** A curve that runs over an edge. */
export interface Curve {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** An edge of {@link edgeCurves}, from a node of a layer to one of the next. */
export interface EdgeCurve extends Curve {
  readonly layer: number;
  readonly from: number;
  readonly to: number;
  /** How much depends on it, 0 to 1: its opacity. Default: 1. */
  readonly strength?: number;
  /** A known function that it can be locked to, and what to say of it. */
  readonly lock?: Curve & { readonly says: string };
}

/** What {@link edgeCurves} draws. */
export interface CurvedNetwork {
  /** The number of nodes of each layer, the inputs first. */
  readonly width: readonly number[];
  readonly edges: readonly EdgeCurve[];
  /** The names of the inputs. Default: x₁, x₂, …. */
  readonly inputs?: readonly string[];
}

const [box, gap, rise] = [52, 16, 150];
const locked = "#d55e00";

/**
 * A network whose edges are functions of one number, each drawn on its edge; inputs are at the bottom. An edge that has the pointer or the focus is shown large below. Enter or a click locks it to its known
 * function, which is then drawn instead of the curve, and again gives the curve back.
 */
export function edgeCurves({ width, edges, inputs }: CurvedNetwork, options: DrawingOptions): HTMLElement {
  const perRow = width.slice(1).map((size, l) => size * (width[l] ?? 0));
  const wide = Math.max(240, ...perRow.map((count) => count * (box + gap)));
  const high = (width.length - 1) * rise + 44;
  const nodeX = (l: number, i: number) => ((i + 0.5) * wide) / (width[l] ?? 1);
  const nodeY = (l: number) => high - 30 - l * rise;
  const large = html("div", { "aria-live": "polite", style: "min-height:300px" });
  const isLocked = new Set<EdgeCurve>();
  const nameOf = ({ layer, from, to }: EdgeCurve) =>
    `${layer === 0 ? (inputs?.[from] ?? `x${from + 1}`) : `node ${from + 1} of layer ${layer}`} to node ${to + 1} of layer ${layer + 1}`;

  const show = (edge: EdgeCurve): void => {
    const curve = isLocked.has(edge) ? (edge.lock ?? edge) : edge;
    const drawn = chart(
      nameOf(edge),
      rangeOf(Array.from(edge.x)),
      rangeOf([...Array.from(edge.y), ...Array.from(edge.lock?.y ?? [])]),
      "what goes in",
      "what is added",
    );
    const line = (of: Curve, color: string, dashes: string) =>
      svg("path", {
        d: pathOf(of, drawn.x, drawn.y),
        fill: "none",
        stroke: color,
        "stroke-width": 2,
        "stroke-dasharray": dashes,
      });
    drawn.picture.append(line(edge, "currentColor", curve === edge ? "" : "3 3"));
    if (edge.lock !== undefined) drawn.picture.append(line(edge.lock, locked, curve === edge ? "3 3" : ""));
    const says =
      edge.lock === undefined ? "" : `${curve === edge ? "It is near" : "Locked to"} ${edge.lock.says}.`;
    large.replaceChildren(
      html("div", { style: "font-size:13px" }, `${nameOf(edge)}. ${says}`),
      drawn.picture,
    );
  };

  const groups = edges.map((edge) => {
    const { layer, from, to, strength = 1 } = edge;
    const next = width[layer + 1] ?? 1;
    const count = perRow[layer] ?? 1;
    const x = ((from * next + to + 0.5) * wide) / count;
    const y = (nodeY(layer) + nodeY(layer + 1)) / 2;
    const scaled = (of: Curve) => {
      const [xs, ys] = [rangeOf(Array.from(edge.x)), rangeOf(Array.from(of.y))];
      const at = (low: number, high2: number, start: number, size: number) => (value: number) =>
        start + ((value - low) / (high2 - low || 1)) * size;
      return pathOf(
        of,
        at(xs[0], xs[1], x - box / 2 + 4, box - 8),
        at(ys[0], ys[1], y + box / 2 - 6, 12 - box),
      );
    };
    const curve = svg("path", { d: scaled(edge), fill: "none", stroke: "currentColor", "stroke-width": 2 });
    const lines = [
      `M${nodeX(layer, from).toFixed(1)} ${nodeY(layer)}L${x.toFixed(1)} ${y + box / 2}`,
      `M${x.toFixed(1)} ${y - box / 2}L${nodeX(layer + 1, to).toFixed(1)} ${nodeY(layer + 1)}`,
    ];
    const group = svg(
      "g",
      {
        tabindex: 0,
        role: "button",
        "aria-pressed": "false",
        "aria-label": `${nameOf(edge)}${edge.lock === undefined ? "" : `, near ${edge.lock.says}`}`,
        style: "cursor:pointer",
      },
      ...lines.map((d) =>
        svg("path", { d, fill: "none", stroke: "currentColor", "stroke-opacity": Math.max(strength, 0.1) }),
      ),
      svg("rect", {
        x: x - box / 2,
        y: y - box / 2,
        width: box,
        height: box,
        rx: 4,
        fill: "#56b4e9",
        "fill-opacity": 0.06 + 0.16 * strength,
        stroke: "currentColor",
        "stroke-opacity": Math.max(strength, 0.2),
      }),
      curve,
    );
    const toggle = (): void => {
      if (edge.lock === undefined) return;
      if (!isLocked.delete(edge)) isLocked.add(edge);
      const isOn = isLocked.has(edge);
      group.setAttribute("aria-pressed", String(isOn));
      curve.setAttribute("d", scaled(isOn ? edge.lock : edge));
      curve.setAttribute("stroke", isOn ? locked : "currentColor");
      show(edge);
    };
    for (const event of ["pointerenter", "focus"]) group.addEventListener(event, () => show(edge));
    group.addEventListener("click", toggle);
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle();
    });
    return group;
  });

  const nodes = width.flatMap((size, l) =>
    Array.from({ length: size }, (_, i) => [
      svg("circle", { cx: nodeX(l, i), cy: nodeY(l), r: 4, fill: "currentColor" }),
      ...(l === 0
        ? [
            svg(
              "text",
              {
                x: nodeX(l, i),
                y: nodeY(l) + 20,
                fill: "currentColor",
                "font-size": 13,
                "text-anchor": "middle",
              },
              inputs?.[i] ?? `x${i + 1}`,
            ),
          ]
        : []),
    ]).flat(),
  );
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${wide} ${high}`,
      width: wide,
      role: "group",
      "aria-label": `${options.title}: ${edges.length} edges`,
      style: "max-width:100%;height:auto",
    },
    ...groups,
    ...nodes,
  );
  if (edges[0] !== undefined) show(edges[0]);
  return figure(
    options,
    picture,
    { width, edges },
    () => ({
      columns: ["edge", "from", "to", "strength", "near"],
      rows: edges.map((edge) => [
        nameOf(edge),
        short(Math.min(...Array.from(edge.y))),
        short(Math.max(...Array.from(edge.y))),
        short(edge.strength ?? 1),
        edge.lock?.says ?? "",
      ]),
    }),
    large,
  );
}

function pathOf({ x, y }: Curve, atX: (value: number) => number, atY: (value: number) => number): string {
  return Array.from(
    x,
    (value, i) => `${i === 0 ? "M" : "L"}${atX(value).toFixed(1)} ${atY(y[i] ?? NaN).toFixed(1)}`,
  ).join("");
}
