import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from "@dagrejs/dagre";
import type { GraphNode, ModelGraph } from "../inside/model-graph.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { html, svg } from "./element-of.ts";

/** What the layout adds to an edge; as its own types say it, but those are lost where modules are resolved as Node does. */
interface Path {
  readonly points?: readonly { readonly x: number; readonly y: number }[];
}

/** How many arrow heads there are on the page: each drawing has its own. */
let arrows = 0;

/**
 * Boxes and arrows from what goes in to what comes out: each layer with its class, its shape and how many numbers it learns, and in rounder boxes the ops between them.
 * Tab goes from box to box.
 */
export function graph({ nodes, edges }: ModelGraph, options: DrawingOptions): HTMLElement {
  const lines = nodes.map(({ path, role, kind, shape, parameters }) => [
    path,
    `${role === "op" ? "" : kind} → ${shape.join(" × ")}`.trimStart(),
    ...(parameters === 0 ? [] : [`${parameters.toLocaleString("en-US")} parameters`]),
  ]);
  const plan = new Graph<GraphLabel, NodeLabel, EdgeLabel>();
  plan.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 28, marginx: 8, marginy: 8 });
  lines.forEach((text, i) => {
    const width = 20 + 6.7 * Math.max(...text.map((line) => line.length));
    plan.setNode(String(i), { width, height: 12 + 16 * text.length });
  });
  for (const [from, to] of edges) plan.setEdge(String(from), String(to), {});
  layout(plan);
  const { width = 0, height = 0 } = plan.graph();
  const arrow = `pellucid-arrow-${++arrows}`;
  const text = {
    fill: "currentColor",
    "font-size": 12,
    "font-family": "system-ui, sans-serif",
    "text-anchor": "middle",
  };
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      role: "group",
      "aria-label": `${options.title}: ${nodes.length} boxes, ${edges.length} connections`,
      style: "max-width:100%;height:auto",
    },
    svg(
      "defs",
      {},
      svg(
        "marker",
        { id: arrow, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
        svg("path", { d: "M0 0L8 4L0 8z", fill: "currentColor" }),
      ),
    ),
    ...edges.map(([from, to]) => {
      const { points = [] } = plan.edge(String(from), String(to)) as Path;
      return svg("path", {
        d: points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""),
        fill: "none",
        stroke: "currentColor",
        "stroke-opacity": 0.6,
        "marker-end": `url(#${arrow})`,
      });
    }),
    ...lines.map((words, i) => {
      const node = plan.node(String(i));
      const { x = 0, y = 0 } = node;
      const top = y - node.height / 2;
      return svg(
        "g",
        { tabindex: 0, role: "img", "aria-label": words.join(", ") },
        svg("rect", {
          x: x - node.width / 2,
          y: top,
          width: node.width,
          height: node.height,
          rx: nodes[i]?.role === "op" ? node.height / 2 : 6,
          fill: nodes[i]?.role === "layer" ? "#56b4e9" : "none",
          "fill-opacity": 0.18,
          stroke: "currentColor",
          "stroke-dasharray": nodes[i]?.role === "input" ? "4 3" : "none",
        }),
        ...words.map((word, line) =>
          svg("text", { ...text, x, y: top + 18 + 16 * line, "font-weight": line === 0 ? 700 : 400 }, word),
        ),
      );
    }),
  );
  const count = (role: GraphNode["role"]) => nodes.filter((node) => node.role === role).length;
  const learned = nodes.reduce((sum, { parameters }) => sum + parameters, 0);
  return figure(
    options,
    picture,
    { nodes, edges },
    () => ({
      columns: ["layer or op", "class", "shape", "parameters", "fed by"],
      rows: nodes.map(({ path, kind, shape, parameters }, i) => [
        path,
        kind,
        shape.join(" × "),
        String(parameters),
        edges.flatMap(([from, to]) => (to === i ? [nodes[from]?.path ?? ""] : [])).join(", "),
      ]),
    }),
    html(
      "small",
      {},
      `${count("layer")} layers, ${count("op")} ops between them, ${learned.toLocaleString("en-US")} parameters`,
    ),
  );
}
