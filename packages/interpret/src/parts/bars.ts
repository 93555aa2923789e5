import { html } from "../draw/element-of.ts";
import { percent } from "./number-text.ts";
import { definePart, Part } from "./part.ts";

const css = `
:host { min-height: 1px; }
div { display: grid; gap: 2px; height: 100%; align-content: space-between; }
button { display: grid; grid-template-columns: minmax(16px, var(--name-width, max-content)) 1fr 56px; gap: 8px; align-items: center; border: 1px solid transparent; background: none; padding: 3px 6px; border-radius: 6px; text-align: left; font-size: var(--text-2); width: 100%; min-height: 26px; }
button:hover { background: var(--sunk); }
button[aria-pressed="true"] { border-color: var(--ink); background: var(--surface); }
button.rival { border: 1px dashed var(--line-strong); }
.name { font-weight: 700; font-size: var(--text-3); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.track { height: 10px; background: var(--sunk); border-radius: 5px; overflow: hidden; box-shadow: inset 0 0 0 1px var(--line); }
.track i { display: block; height: 100%; background: var(--ink-3); transform: scaleX(0); transform-origin: left; transition: transform var(--calm); }
.best .track i { background: var(--ink); }
.number { white-space: nowrap; text-align: right; color: var(--ink-2); font-size: var(--text-1); }
:host([covered]) :is(.track i, .number) { visibility: hidden; }
:host([covered]) button { border-color: transparent; }
@media (forced-colors: active) {
  button[aria-pressed="true"] { outline: 3px solid Highlight; }
  .track i { background: CanvasText !important; forced-color-adjust: none; }
}
`;

/**
 * `<pellucid-bars>`: a probability for each name, as bars in fixed rows; one is chosen (`value`), another may be its `rival`. Fires `change` when one is
 * pressed. Arrow keys go from bar to bar. With the attribute `covered` the answer is hidden.
 */
export class PellucidBars extends Part {
  #values: ArrayLike<number> = [];
  #names: readonly string[] = [];
  #value: number | null = null;
  #rival: number | null = null;
  readonly #list: HTMLElement;

  constructor() {
    const list = html("div", { role: "group", "aria-label": "Probabilities; press one to explain it" });
    super(css, list);
    this.#list = list;
    list.addEventListener("click", (event) => {
      const index = this.rows.findIndex((row) => event.composedPath().includes(row));
      if (index < 0) return;
      this.value = index;
      this.fire("change");
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      const at = this.rows.findIndex((row) => row === this.shadowRoot?.activeElement);
      if (step === undefined || at < 0) return;
      event.preventDefault();
      const next = this.rows[(at + step + this.rows.length) % this.rows.length];
      for (const row of this.rows) row.tabIndex = row === next ? 0 : -1;
      next?.focus();
    });
  }

  /** Probabilities. */
  get values(): ArrayLike<number> {
    return this.#values;
  }
  set values(values: ArrayLike<number>) {
    this.#values = values;
    this.repaint();
  }

  /** A name for each. */
  get names(): readonly string[] {
    return this.#names;
  }
  set names(names: readonly string[]) {
    this.#names = names;
    const label = this.getAttribute("label") ?? "Probabilities; press one to explain it";
    this.#list.setAttribute("aria-label", label);
    this.#list.replaceChildren(
      ...names.map((name, i) =>
        html(
          "button",
          { type: "button", "aria-pressed": "false", tabindex: i === 0 ? 0 : -1 },
          html("span", { class: "name" }, name),
          html("span", { class: "track" }, html("i")),
          html("span", { class: "number" }, "–"),
        ),
      ),
    );
    this.repaint();
  }

  /** The chosen one's index; null for none. */
  get value(): number | null {
    return this.#value;
  }
  set value(value: number | null) {
    this.#value = value;
    this.repaint();
  }

  /** The index of the one it is compared with. */
  get rival(): number | null {
    return this.#rival;
  }
  set rival(rival: number | null) {
    this.#rival = rival;
    this.repaint();
  }

  /** The bars' buttons, for lines that end at them. */
  get rows(): HTMLElement[] {
    return [...this.#list.querySelectorAll("button")];
  }

  protected override repaint(): void {
    const values = Array.from(this.#values);
    const best = values.indexOf(Math.max(...values));
    this.rows.forEach((row, i) => {
      const p = values[i];
      const bar = row.querySelector("i");
      const number = row.querySelector(".number");
      if (bar !== null) bar.style.transform = `scaleX(${p ?? 0})`;
      if (number !== null) number.textContent = p === undefined ? "–" : percent(p);
      row.classList.toggle("best", i === best);
      row.classList.toggle("rival", i === this.#rival);
      row.setAttribute("aria-pressed", String(i === this.#value));
    });
  }
}

definePart("pellucid-bars", PellucidBars);
