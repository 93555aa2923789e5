import { percent } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { StateMap } from "../frame/state-map.ts";
import { side } from "./program.ts";

/** How much each pixel of the picture counts for the class of one, which the pointer or arrow keys choose; its map fires `pick`. */
export class PixelCard {
  readonly map = new StateMap(
    "How much each pixel counts for the framed one. Arrow keys choose another pixel.",
  );
  readonly #text = html("p", { class: "explained" });
  readonly element = html("div", { class: "two" }, this.map.element, this.#text);

  constructor() {
    this.map.element.classList.add("looked");
  }

  /** @param values of all pixels, row by row, none negative @param label the class of the framed pixel */
  show(values: Float32Array, [row, column]: readonly [row: number, column: number], label: string): void {
    const columns = Array.from({ length: side }, (_, c) =>
      Array.from({ length: side }, (__, r) => values[r * side + c] ?? 0),
    );
    this.map.show(columns, side);
    this.map.at = [row, column];
    const isNear = (i: number) =>
      Math.max(Math.abs(Math.floor(i / side) - row), Math.abs((i % side) - column)) <= 4;
    const total = values.reduce((sum, v) => sum + v, 0);
    const near = values.reduce((sum, v, i) => sum + (isNear(i) ? v : 0), 0);
    const share = near / (total || 1);
    this.#text.textContent = `The pixel in row ${row + 1}, column ${column + 1} is ${label}. The 9 × 9 pixels around it make ${percent(share)} of the map${share < 1 ? "; the rest comes through the deep path." : "."}`;
  }
}
