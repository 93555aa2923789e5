import { colorAt, largest, paintSigned } from "@pellucid/interpret/parts/paint";
import { html } from "../../../interpret/src/draw/element-of.ts";

/** Numbers as columns of a map that is read with pointer and arrow keys; `pick` says `[row, column]`. */
export class StateMap {
  readonly element: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #box = html("i", { class: "map-box" });
  #columns: readonly (readonly number[])[] = [];
  #rows = 1;
  #at: readonly [row: number, column: number] = [0, 0];

  constructor(label: string) {
    this.#canvas = html("canvas", {
      width: 1,
      height: 1,
      tabindex: 0,
      role: "application",
      "aria-label": label,
    });
    this.element = html("div", { class: "state-map" }, this.#canvas, this.#box);
    const pick = (row: number, column: number) => {
      const within = (n: number, size: number) => Math.min(size - 1, Math.max(0, n));
      const detail = [within(row, this.#rows), within(column, this.#columns.length)];
      if (detail.join() !== this.#at.join()) this.element.dispatchEvent(new CustomEvent("pick", { detail }));
    };
    const point = (event: PointerEvent) => {
      const box = this.#canvas.getBoundingClientRect();
      pick(
        Math.floor(((event.clientY - box.top) / box.height) * this.#rows),
        Math.floor(((event.clientX - box.left) / box.width) * this.#columns.length),
      );
    };
    this.#canvas.addEventListener("pointerdown", point);
    this.#canvas.addEventListener(
      "pointermove",
      (event) => (event.pointerType === "mouse" || event.buttons > 0) && point(event),
    );
    this.#canvas.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      pick(this.#at[0] + (step[0] ?? 0), this.#at[1] + (step[1] ?? 0));
    });
  }

  /** The framed cell. */
  set at(at: readonly [row: number, column: number]) {
    this.#at = at;
    const percent = (n: number, size: number) => `${(100 * n) / size}%`;
    this.#box.style.cssText = `left:${percent(at[1], this.#columns.length)};top:${percent(at[0], this.#rows)};width:${percent(1, this.#columns.length)};height:${percent(1, this.#rows)}`;
  }

  /** Shows columns of `rows` numbers each. */
  show(columns: readonly (readonly number[])[], rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
    const values = Array.from(
      { length: rows * columns.length },
      (_, i) => columns[i % columns.length]?.[Math.floor(i / columns.length)] ?? 0,
    );
    const inks = [colorAt(this.element, "plus"), colorAt(this.element, "minus")] as const;
    paintSigned(this.#canvas, { values, height: rows, width: columns.length }, largest(values), inks);
    this.at = this.#at;
  }
}
