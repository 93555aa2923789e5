import { colorAt, paintSigned } from "@pellucid/interpret/parts/paint";
import { html, svg } from "../../../interpret/src/draw/element-of.ts";
import type { Point } from "./program.ts";

/** What the plane shows. */
export interface GanView {
  readonly real: readonly Point[];
  readonly made: readonly Point[];
  /** Where the first of the made points are pulled. */
  readonly pulls: readonly Point[];
  /** Logits of a square grid, the top row first. */
  readonly surface: Float32Array;
}

const box = 600;
const at = (v: number): number => (box * (v + 3)) / 6;

/** The plane from −3 to 3: the discriminator's judgement as color, real points, generated ones, and arrows where these are pulled. */
export class GanPlane {
  readonly element: HTMLElement;
  readonly #canvas = html("canvas", { width: 1, height: 1, "aria-hidden": "true" });
  readonly #points = svg("svg", { viewBox: `0 0 ${box} ${box}`, role: "img" });
  #view: GanView | null = null;

  constructor() {
    this.element = html("div", { class: "gan-plane" }, this.#canvas, this.#points);
  }

  show(view: GanView, text: string): void {
    this.#view = view;
    this.#points.setAttribute("aria-label", text);
    this.repaint();
  }

  repaint(): void {
    const view = this.#view;
    if (view === null || !this.element.isConnected) return;
    const side = Math.sqrt(view.surface.length);
    const judged = view.surface.map((logit) => 1 / (1 + Math.exp(-logit)) - 0.5);
    const inks = [colorAt(this.element, "plus"), colorAt(this.element, "minus")] as const;
    paintSigned(this.#canvas, { values: judged, height: side, width: side }, 1, inks);
    const dot = ([x, y]: Point, name: string, r: number) =>
      svg("circle", { class: name, cx: at(x).toFixed(1), cy: at(-y).toFixed(1), r });
    const arrow = ([x, y]: Point, [dx, dy]: Point) => {
      const length = Math.hypot(dx, dy);
      const reach = length === 0 ? 0 : Math.min(0.5, 0.25 * length) / length;
      return `M${at(x).toFixed(1)} ${at(-y).toFixed(1)}L${at(x + reach * dx).toFixed(1)} ${at(-y - reach * dy).toFixed(1)}`;
    };
    this.#points.replaceChildren(
      ...view.real.map((point) => dot(point, "real", 3.2)),
      svg("path", {
        class: "pull",
        d: view.pulls.map((pull, i) => arrow(view.made[i] ?? [0, 0], pull)).join(""),
      }),
      ...view.made.map((point) => dot(point, "made", 4)),
    );
  }
}
