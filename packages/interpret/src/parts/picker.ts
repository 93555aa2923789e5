import { html } from "../draw/element-of.ts";
import { colorAt, type Grid, paintCells, paintInk } from "./paint.ts";
import { definePart, Part } from "./part.ts";

const css = `
:host { min-height: 40px; }
div { display: grid; grid-template-columns: repeat(auto-fill, minmax(var(--thumb, 34px), 1fr)); gap: 5px; }
button { padding: 2px; border: 1px solid transparent; border-radius: 6px; background: var(--sunk); min-height: 34px; }
canvas { width: 100%; aspect-ratio: 1; }
button:hover { border-color: var(--line-strong); }
button[aria-checked="true"] { border-color: var(--ink); }
@media (forced-colors: active) { button[aria-checked="true"] { outline: 3px solid Highlight; } canvas { forced-color-adjust: none; } }
`;

/** A thumbnail: ink from 0 to 1, or red, green and blue after each other. */
export interface PickerItem extends Grid {
  readonly name: string;
  /** Whether `values` are `[height, width, 3]`. */
  readonly colored?: boolean;
}

/** `<pellucid-picker>`: thumbnails to choose from, one tab stop, arrow keys between them. Fires `change`. */
export class PellucidPicker extends Part {
  #items: readonly PickerItem[] = [];
  #value: number | null = null;
  readonly #list: HTMLElement;

  constructor() {
    const list = html("div", { role: "radiogroup", "aria-label": "Ready-made examples" });
    super(css, list);
    this.#list = list;
    list.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const at = Array.from(list.children).findIndex((child) => child === this.shadowRoot?.activeElement);
      this.#choose((at + step + this.#items.length) % this.#items.length);
      const next = list.children[this.#value ?? 0];
      if (next instanceof HTMLElement) next.focus();
    });
  }

  /** The thumbnails. */
  get items(): readonly PickerItem[] {
    return this.#items;
  }
  set items(items: readonly PickerItem[]) {
    this.#items = items;
    this.#list.setAttribute("aria-label", this.getAttribute("label") ?? "Ready-made examples");
    this.#list.replaceChildren(
      ...items.map(({ name, height, width }, i) => {
        const canvas = html("canvas", { width, height, "aria-hidden": "true" });
        const button = html("button", { type: "button", role: "radio", "aria-label": name }, canvas);
        button.addEventListener("click", () => this.#choose(i));
        return button;
      }),
    );
    this.repaint();
  }

  /** The index of the chosen one; null for none. */
  get value(): number | null {
    return this.#value;
  }
  set value(value: number | null) {
    this.#value = value;
    this.repaint();
  }

  protected override repaint(): void {
    const connected = this.isConnected;
    const ink = connected ? colorAt(this, "ink") : ([0, 0, 0] as const);
    Array.from(this.#list.children).forEach((button, i) => {
      const chosen = i === this.#value;
      button.setAttribute("aria-checked", String(chosen));
      button.setAttribute("tabindex", chosen || (this.#value === null && i === 0) ? "0" : "-1");
      const canvas = button.querySelector("canvas");
      const item = this.#items[i];
      if (canvas === null || item === undefined || !connected) return;
      const { values, height, width } = item;
      const byte = (at: number) => 255 * Math.min(1, Math.max(0, values[at] ?? 0));
      if (item.colored === true)
        paintCells(canvas, height, width, (p) => [byte(3 * p), byte(3 * p + 1), byte(3 * p + 2), 255]);
      else paintInk(canvas, item, ink);
    });
  }

  #choose(index: number): void {
    this.value = index;
    this.fire("change");
  }
}

definePart("pellucid-picker", PellucidPicker);
