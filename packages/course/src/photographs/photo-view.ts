import { colorAt, largest, paintCells, paintSigned } from "@pellucid/interpret/parts/paint";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { cells, side } from "./program.ts";

/** The photograph in gray with an explanation over it, and the photograph with cells out of focus. */
export class PhotoView {
  readonly #gray = html("canvas", {
    width: side,
    height: side,
    role: "img",
    "aria-label": "The photograph",
    class: "gray",
  });
  readonly #map = html("canvas", { width: cells, height: cells, "aria-hidden": "true", class: "over" });
  readonly hidden = html("canvas", {
    width: side,
    height: side,
    role: "img",
    "aria-label": "The photograph with cells out of focus",
    slot: "after",
  });
  readonly heat = html("div", { class: "photo-heat", slot: "before" }, this.#gray, this.#map);
  #values: Float32Array | null = null;

  /** A photograph without explanation. */
  show(pixels: Float32Array): void {
    paintPhoto(this.#gray, pixels);
    paintPhoto(this.hidden, pixels);
    this.#values = null;
    this.repaint();
  }

  /** What each cell says for the class, and the photograph with the most important ones out of focus. */
  explain(map: Float32Array, hidden: Float32Array): void {
    this.#values = map;
    paintPhoto(this.hidden, hidden);
    this.repaint();
  }

  /** In the colors of the theme. */
  repaint(): void {
    if (!this.#map.isConnected) return;
    const values = this.#values ?? new Float32Array(cells * cells);
    const inks = [colorAt(this.heat, "plus"), colorAt(this.heat, "minus")] as const;
    paintSigned(this.#map, { values, height: cells, width: cells }, 0.8 * largest(values), inks);
  }
}

function paintPhoto(canvas: HTMLCanvasElement, pixels: Float32Array): void {
  const byte = (i: number) => 255 * (pixels[i] ?? 0);
  paintCells(canvas, side, side, (i) => [byte(3 * i), byte(3 * i + 1), byte(3 * i + 2), 255]);
}
