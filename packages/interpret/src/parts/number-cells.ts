import { html } from "../draw/element-of.ts";
import { short } from "./number-text.ts";
import { signedColor } from "./paint.ts";

/** How numbers are shown in cells. */
export interface CellsOptions {
  /** The number of full color. */
  readonly reach: number;
  /** Gray by ink from 0 to 1 rather than colored by sign. */
  readonly ink?: boolean;
  /** The index of the outlined cell. */
  readonly lit?: number;
  /** Cells from this index on are pale. */
  readonly upTo?: number;
}

/** A square of numbers in colored cells, with a title. */
export class NumberCells {
  readonly element: HTMLElement;
  readonly #cells: HTMLElement;

  constructor(title: string) {
    this.#cells = html("div", { class: "cells" });
    const name = title.replaceAll(" ", "-");
    this.element = html("div", { class: `grid ${name}` }, html("p", {}, title), this.#cells);
  }

  show(values: ArrayLike<number>, { reach, ink = false, lit = -1, upTo = Infinity }: CellsOptions): void {
    const cells = this.#cells;
    cells.style.setProperty("--side", String(Math.ceil(Math.sqrt(values.length))));
    while (cells.childElementCount > values.length) cells.lastElementChild?.remove();
    while (cells.childElementCount < values.length) cells.append(html("span"));
    Array.from(cells.children).forEach((cell, i) => {
      if (!(cell instanceof HTMLElement)) return;
      const v = values[i] ?? 0;
      const digits = Math.abs(v) >= 10 ? 1 : 2;
      cell.textContent = Math.abs(v) < 0.005 ? "0" : short(v, digits).replace(/^(−?)0\./, "$1.");
      const gray = `color-mix(in srgb, var(--ink) ${Math.round(28 * Math.min(1, Math.max(0, v)))}%, transparent)`;
      cell.style.backgroundColor = ink ? gray : signedColor(0.55 * v, reach);
      cell.classList.toggle("lit", i === lit);
      cell.classList.toggle("later", i >= upTo);
    });
  }
}
