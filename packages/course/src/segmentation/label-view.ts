import { colorAt, paintCells } from "@pellucid/interpret/parts/paint";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { side } from "./program.ts";

/** The picture with the strokes on it, and the class of each pixel as the network says. */
export class LabelView {
  readonly picture = html("canvas", { width: side, height: side, "aria-hidden": "true" });
  readonly answer = html("canvas", {
    width: side,
    height: side,
    role: "img",
    "aria-label": "The class of each pixel",
  });

  /** @param colors `[side, side, 3]`, from 0 to 1 @param marks the class of each pixel with a stroke @param labels the class of each pixel */
  paint(colors: ArrayLike<number>, marks: Int32Array, labels: Int32Array): void {
    const inks = (["ink-3", "plus", "minus", "good"] as const).map((name) => colorAt(this.answer, name));
    paintCells(this.picture, side, side, (i) => {
      const color = (c: number) => 255 * (colors[3 * i + c] ?? 0);
      const [r, g, b] = inks[marks[i] ?? NaN] ?? [color(0), color(1), color(2)];
      return [r, g, b, 255];
    });
    paintCells(this.answer, side, side, (i) => {
      const label = labels[i] ?? 0;
      const [r, g, b] = inks[label] ?? [0, 0, 0];
      return [r, g, b, label === 0 ? 40 : 255];
    });
  }
}
