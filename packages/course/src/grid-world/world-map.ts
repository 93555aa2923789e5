import { signedColor } from "@pellucid/interpret/parts/paint";
import type { QTable } from "@pellucid/rl/tabular";
import { html } from "../../../interpret/src/draw/element-of.ts";

const arrows = ["↑", "→", "↓", "←"];
const named: Readonly<Record<string, string>> = { S: "start", G: "goal", H: "pit", "#": "wall", ".": "free" };

/** The cells of a world: the best value as color and number, the best action as an arrow. `press` is called with a cell. */
export class WorldMap {
  readonly element: HTMLElement;
  #width = 1;

  constructor(press: (cell: number) => void) {
    this.element = html("div", {
      class: "world",
      role: "group",
      "aria-label": "The world; press a cell to make it a wall or free",
    });
    this.element.addEventListener("click", (event) => {
      const index = Array.from(this.element.children).findIndex((cell) =>
        event.composedPath().includes(cell),
      );
      if (index >= 0) press(index);
    });
    this.element.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.#width, ArrowDown: this.#width }[event.key];
      const cells = Array.from(this.element.children);
      const at = cells.findIndex((cell) => cell === document.activeElement);
      if (step === undefined || at < 0) return;
      event.preventDefault();
      const next = cells[Math.min(cells.length - 1, Math.max(0, at + step))];
      for (const cell of cells) cell.setAttribute("tabindex", cell === next ? "0" : "-1");
      if (next instanceof HTMLElement) next.focus();
    });
  }

  show(map: readonly string[], q: QTable | null): void {
    this.#width = map[0]?.length ?? 1;
    this.element.style.setProperty("--columns", String(this.#width));
    const cells = Array.from(map.join(""));
    while (this.element.childElementCount > cells.length) this.element.lastElementChild?.remove();
    while (this.element.childElementCount < cells.length)
      this.element.append(
        html("button", { type: "button", tabindex: this.element.childElementCount === 0 ? 0 : -1 }),
      );
    Array.from(this.element.children).forEach((button, i) => {
      if (!(button instanceof HTMLElement)) return;
      const cell = cells[i] ?? ".";
      const row = q?.[i] ?? new Float64Array(4);
      const best = Math.max(...row);
      const seen = row.some((v) => v !== 0);
      const action = arrows[row.indexOf(best)] ?? "";
      const isEnd = cell === "G" || cell === "H";
      const value = isEnd ? (cell === "G" ? 1 : -1) : best;
      button.className = cell === "#" ? "wall" : isEnd ? "end" : "free";
      button.style.backgroundColor = cell === "#" || (!seen && !isEnd) ? "" : signedColor(0.4 * value, 1);
      const text = cell === "#" ? "" : isEnd ? (cell === "G" ? "goal +1" : "pit −1") : seen ? action : "·";
      const number = isEnd || cell === "#" || !seen ? "" : best.toFixed(2).replace("-", "−");
      const note = cell === "S" ? `start ${number}` : number;
      button.replaceChildren(html("b", {}, text), " ", html("small", {}, note));
      const where = `row ${Math.floor(i / this.#width) + 1}, column ${(i % this.#width) + 1}: ${named[cell] ?? ""}`;
      button.setAttribute("aria-label", `${text} ${note} ${where}`.replaceAll(/\s+/g, " ").trim());
    });
  }
}
