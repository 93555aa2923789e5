import { svg } from "../../../interpret/src/draw/element-of.ts";

/** Precision over recall, both from 0 to 1, as a line with a point for each detection. */
export class PrecisionCurve {
  readonly element = svg("svg", {
    viewBox: "0 0 100 100",
    class: "pr-curve",
    role: "img",
    "aria-label": "Precision and recall",
  });

  /** @param summary what is read out for the picture */
  show(points: readonly (readonly [recall: number, precision: number])[], summary: string): void {
    const line = points
      .map(([r, p], i) => `${i === 0 ? "M" : "L"}${(8 + 88 * r).toFixed(1)} ${(92 - 84 * p).toFixed(1)}`)
      .join("");
    this.element.replaceChildren(
      svg("path", { class: "axis", d: "M8 8V92H96" }),
      svg("text", { x: 52, y: 99 }, "recall"),
      svg("text", { x: 10, y: 6 }, "precision"),
      ...[0, 1].flatMap((value) => [
        svg("text", { x: 8 + 88 * value - (value === 0 ? 0 : 3), y: 99 }, `${value}`),
        svg("text", { x: 3, y: 92 - 84 * value + (value === 0 ? 0 : 2) }, `${value}`),
      ]),
      svg("path", { class: "line", d: line }),
      ...points.map(([r, p]) => svg("circle", { cx: 8 + 88 * r, cy: 92 - 84 * p, r: 2 })),
    );
    this.element.setAttribute("aria-label", `Precision and recall: ${summary}`);
  }
}
