import { html } from "../draw/element-of.ts";
import { definePart, Part } from "./part.ts";

const css = `
:host { touch-action: pan-y; user-select: none; }
.well { position: relative; overflow: hidden; border-radius: 6px; background: var(--sunk); box-shadow: 0 0 0 1px var(--line); }
.after { position: absolute; inset: 0; clip-path: inset(0 0 0 var(--at)); background: var(--sunk); }
.line { position: absolute; top: 0; bottom: 0; left: var(--at); width: 2px; margin-left: -1px; background: var(--ink); pointer-events: none; }
.line::after { content: "⇔"; position: absolute; top: 50%; left: 1px; transform: translate(-50%, -50%); background: var(--surface); border: 1.5px solid var(--ink); border-radius: 999px; padding: 0 6px; font-size: var(--text-2); }
input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: ew-resize; }
.well:has(input:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
.names { display: flex; justify-content: space-between; font-size: var(--text-1); color: var(--ink-3); margin-top: 4px; }
`;

/**
 * `<pellucid-compare before="original" after="attacked">`: two pictures of one size, slots `before` and `after`, and a line between them that is dragged or moved with arrow
 * keys. Fires `input`; `at` is from 0 to 1.
 */
export class PellucidCompare extends Part {
  #at = 0.5;
  readonly #well: HTMLElement;
  readonly #slider: HTMLInputElement;
  readonly #names: readonly [HTMLElement, HTMLElement];

  static readonly observedAttributes = ["before", "after"];

  constructor() {
    const slider = html("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.01,
      value: 0.5,
      "aria-label": "Where the second picture begins",
    });
    const names = [html("span"), html("span")] as const;
    const well = html(
      "div",
      { class: "well" },
      html("slot", { name: "before" }),
      html("div", { class: "after" }, html("slot", { name: "after" })),
      html("i", { class: "line" }),
      slider,
    );
    super(css, well, html("div", { class: "names" }, ...names));
    this.#well = well;
    this.#slider = slider;
    this.#names = names;
    slider.addEventListener("input", (event) => {
      event.stopPropagation();
      this.at = Number(slider.value);
      this.fire("input");
    });
  }

  /** The share of the first picture that is seen. */
  get at(): number {
    return this.#at;
  }
  set at(at: number) {
    this.#at = Math.min(1, Math.max(0, at));
    this.repaint();
  }

  attributeChangedCallback(): void {
    this.repaint();
  }

  protected override repaint(): void {
    this.#well.style.setProperty("--at", `${100 * this.#at}%`);
    this.#slider.value = String(this.#at);
    this.#names[0].textContent = this.getAttribute("before") ?? "before";
    this.#names[1].textContent = this.getAttribute("after") ?? "after";
  }
}

definePart("pellucid-compare", PellucidCompare);
