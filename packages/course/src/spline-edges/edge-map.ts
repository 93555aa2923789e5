import { short } from "@pellucid/interpret/parts/number-text";
import { html, svg } from "../../../interpret/src/draw/element-of.ts";
import type { EdgeCurve } from "./program.ts";

/** What is drawn of an edge: its curve, and the function that it is locked to. */
export interface DrawnEdge extends EdgeCurve {
  readonly name: string | null;
}

const [width, height, box] = [360, 360, 84];
const boxes = [
  [96, 236],
  [264, 236],
  [180, 78],
] as const;
const said = ["edge of x", "edge of y", "edge of the sum"] as const;

/** A line through points, scaled into a rectangle. */
function pathOf(
  { x, y }: EdgeCurve,
  { x: xs, y: ys }: { readonly x: readonly number[]; readonly y: readonly number[] },
  [left, top, wide, high]: readonly [number, number, number, number],
): string {
  const scale = (values: readonly number[], from: number, size: number) => {
    const [low, most] = [Math.min(...values), Math.max(...values)];
    return (v: number) => from + (size * (v - low)) / (most - low || 1);
  };
  const [across, up] = [scale(xs, left, wide), scale(ys, top + high, -high)];
  return x
    .map((v, i) => `${i === 0 ? "M" : "L"}${across(v).toFixed(1)} ${up(y[i] ?? 0).toFixed(1)}`)
    .join("");
}

/** The network x, y → sum → output with a curve on each of its three edges; arrow keys and the pointer choose one, `pick` says which. */
export class EdgeMap {
  readonly element = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    class: "edge-map",
    role: "radiogroup",
    "aria-label": "The three edges; arrow keys choose one",
  });

  show(drawn: readonly DrawnEdge[], chosen: number): void {
    const hadFocus = this.element.contains(document.activeElement);
    const node = (x: number, y: number, text: string, under: boolean) => [
      svg("circle", { cx: x, cy: y, r: 5 }),
      svg("text", { x, y: under ? y + 21 : y - 11, "text-anchor": "middle" }, text),
    ];
    const wire = (x1: number, y1: number, x2: number, y2: number) =>
      svg("path", { class: "wire", d: `M${x1} ${y1}L${x2} ${y2}` });
    this.element.replaceChildren(
      wire(96, 326, 96, 280),
      wire(264, 326, 264, 280),
      wire(96, 194, 180, 158),
      wire(264, 194, 180, 158),
      wire(180, 158, 180, 120),
      wire(180, 36, 180, 24),
      ...node(96, 326, "x", true),
      ...node(264, 326, "y", true),
      ...node(180, 158, "+", true),
      ...node(180, 24, "f(x, y)", false),
      ...drawn.map((edge, i) => this.#box(edge, i, i === chosen)),
    );
    if (hadFocus) this.element.querySelector<SVGElement>("[aria-checked=true]")?.focus();
  }

  #box(edge: DrawnEdge, i: number, isChosen: boolean): SVGElement {
    const [x = 0, y = 0] = boxes[i] ?? [];
    const group = svg(
      "g",
      {
        role: "radio",
        "aria-checked": String(isChosen),
        tabindex: isChosen ? 0 : -1,
        class: edge.name === null ? "edge" : "edge locked",
        "aria-label": `${said[i]}, ${edge.name === null ? "a spline" : `locked to ${edge.name}`}`,
      },
      svg("rect", { x: x - box / 2, y: y - box / 2, width: box, height: box, rx: 6 }),
      svg("path", { d: pathOf(edge, edge, [x - box / 2 + 8, y - box / 2 + 8, box - 16, box - 16]) }),
      svg("text", { x: x + box / 2 + 6, y: y + 4 }, edge.name ?? ""),
    );
    const pick = (at: number) =>
      this.element.dispatchEvent(new CustomEvent("pick", { detail: (at + 3) % 3 }));
    group.addEventListener("click", () => pick(i));
    group.addEventListener("pointerenter", () => pick(i));
    group.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      pick(i + step);
    });
    return group;
  }
}

/** One curve, large, with the function that is compared with it. */
export function largeCurve(edge: EdgeCurve, near: EdgeCurve | null): SVGSVGElement {
  const [wide, high, left, under] = [480, 280, 46, 30];
  const ys = [...edge.y, ...(near?.y ?? [])];
  const plot = [left, 10, wide - left - 10, high - under - 10] as const;
  const ends = (values: readonly number[]) => [Math.min(...values), Math.max(...values)];
  const [[x0 = 0, x1 = 0], [y0 = 0, y1 = 0]] = [ends(edge.x), ends(ys)];
  const text = (x: number, y: number, anchor: string, words: string) =>
    svg("text", { x, y, "text-anchor": anchor }, words);
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${wide} ${high}`,
      class: "line-chart",
      role: "img",
      "aria-label": "The chosen edge, large",
    },
    svg("path", { class: "axis", d: `M${left} 10V${high - under}H${wide - 10}` }),
    text(left, high - under + 15, "middle", short(x0)),
    text(wide - 10, high - under + 15, "end", short(x1)),
    text((left + wide) / 2, high - 4, "middle", "what goes in"),
    text(left - 6, high - under, "end", short(y0)),
    text(left - 6, 20, "end", short(y1)),
    svg("path", { class: "line", style: "stroke: var(--ink)", d: pathOf(edge, { x: edge.x, y: ys }, plot) }),
  );
  if (near !== null)
    picture.append(
      svg("path", {
        class: "line",
        style: "stroke: var(--plus); stroke-dasharray: 6 4",
        d: pathOf(near, { x: edge.x, y: ys }, plot),
      }),
    );
  return picture;
}

/** Words for an edge. */
export const edgeName = (edge: number): string => said[edge] ?? "";

/** A line of text of fixed height. */
export const fixedLine = (): HTMLElement => html("p", { class: "formula fixed-line" });
