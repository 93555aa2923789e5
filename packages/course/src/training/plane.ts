import { colorAt, paintSigned } from "@pellucid/interpret/parts/paint";
import { html, svg } from "../../../interpret/src/draw/element-of.ts";
import type { Points, Setup } from "./program.ts";

const cells = 48;
const reach = {
  moons: { x: [-1.6, 2.6], y: [-1.3, 1.8] },
  spirals: { x: [-1.2, 1.2], y: [-1.2, 1.2] },
} as const;

/** The plane of two inputs: its color is the predicted class, its dots are the points that are trained on. */
export class Plane {
  readonly element: HTMLElement;
  readonly #canvas = html("canvas", {
    width: cells,
    height: cells,
    role: "img",
    "aria-label": "The plane: color is the predicted class",
  });
  readonly #dots = svg("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" });

  constructor() {
    this.element = html("div", { class: "plane" }, this.#canvas, this.#dots);
  }

  /** The centers of its cells, row by row, as the network reads them. */
  grid(data: Setup["data"]): Float32Array {
    const { x, y } = reach[data];
    return Float32Array.from({ length: cells * cells * 2 }, (_, k) => {
      const i = Math.floor(k / 2);
      const [column, row] = [i % cells, Math.floor(i / cells)];
      return k % 2 === 0
        ? x[0] + ((x[1] - x[0]) * (column + 0.5)) / cells
        : y[1] - ((y[1] - y[0]) * (row + 0.5)) / cells;
    });
  }

  /** Paints the probability of class 1 in each cell. */
  paint(probabilities: Float32Array): void {
    const inks = [colorAt(this.element, "plus"), colorAt(this.element, "minus")] as const;
    const values = probabilities.map((p) => 0.65 * (2 * p - 1));
    paintSigned(this.#canvas, { values, height: cells, width: cells }, 1, inks);
  }

  /** Draws the points, each in the color of its label. */
  show(points: Points, data: Setup["data"]): void {
    const { x, y } = reach[data];
    this.#dots.replaceChildren(
      ...Array.from(points.y, (label, i) =>
        svg("circle", {
          cx: ((100 * ((points.x[2 * i] ?? 0) - x[0])) / (x[1] - x[0])).toFixed(1),
          cy: ((100 * (y[1] - (points.x[2 * i + 1] ?? 0))) / (y[1] - y[0])).toFixed(1),
          r: 1.3,
          style: `fill: var(--${label === 1 ? "plus" : "minus"}); stroke: var(--surface); stroke-width: 0.4`,
        }),
      ),
    );
  }
}
