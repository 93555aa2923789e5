import { html, svg } from "../draw/element-of.ts";
import { definePart, Part } from "./part.ts";
import { largest, signedColor } from "./paint.ts";

const css = `
:host { overflow-x: auto; overflow-y: hidden; padding-bottom: 4px; }
.row { position: relative; width: max-content; min-width: 100%; padding-top: var(--arcs, 0px); }
svg { position: absolute; left: 0; top: 0; width: 100%; height: var(--arcs, 0px); overflow: visible; pointer-events: none; }
path { fill: none; stroke: var(--plus); stroke-linecap: round; }
.list { display: flex; gap: 2px; }
.list button { border: 1px solid var(--line); background-color: var(--surface); border-radius: 5px; padding: 3px 0; min-width: 24px; min-height: 34px; text-align: center; font: 600 var(--text-3) / 1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; position: relative; }
.list button:hover { border-color: var(--line-strong); z-index: 1; }
.list button[aria-pressed="true"] { border-color: var(--ink); box-shadow: 0 0 0 1px var(--ink); z-index: 1; }
.list small { display: block; font: var(--text-1) / 1.2 system-ui, sans-serif; font-weight: 400; color: var(--ink-3); padding: 0 4px; }
@media (forced-colors: active) { .list button { forced-color-adjust: none; } .list button[aria-pressed="true"] { outline: 3px solid Highlight; } path { forced-color-adjust: none; } }
`;

/** What a token looks like: spaces and line ends are visible. */
const visible = (text: string): string => text.replaceAll(" ", "␣").replaceAll("\n", "↵");

/**
 * `<pellucid-token-strip>`: a text as chips in one row; `values` colors them by sign and size. With `lines`, arcs go from the chosen or hovered token to those that it
 * attends to, as wide as the weight. Fires `change` when one is chosen and `preview` with the index under the pointer, or null. Arrow keys walk.
 */
export class PellucidTokenStrip extends Part {
  #tokens: readonly string[] = [];
  #values: ArrayLike<number> | null = null;
  #notes: readonly string[] = [];
  #value = 0;
  #hover: number | null = null;
  #reach: number | null = null;
  #lines: ((index: number) => ArrayLike<number>) | null = null;
  readonly #list: HTMLElement;
  readonly #arcs: SVGSVGElement;
  readonly #resized: ResizeObserver;

  constructor() {
    const arcs = svg("svg", { "aria-hidden": "true" });
    const list = html("div", { class: "list", role: "group", "aria-label": "Tokens" });
    super(css, html("div", { class: "row" }, arcs, list));
    this.#arcs = arcs;
    this.#list = list;
    this.#resized = new ResizeObserver(() => this.#draw());
    const indexOf = (event: Event) =>
      Array.from(list.children).findIndex((chip) => event.composedPath().includes(chip));
    list.addEventListener("click", (event) => this.#choose(indexOf(event)));
    list.addEventListener("pointermove", (event) => {
      const index = indexOf(event);
      this.#preview(index < 0 ? null : index);
    });
    list.addEventListener("pointerleave", () => this.#preview(null));
    list.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.#choose(Math.min(this.#tokens.length - 1, Math.max(0, this.#value + step)));
      const chip = list.children[this.#value];
      if (chip instanceof HTMLElement) chip.focus();
    });
  }

  /** The texts of the tokens. */
  get tokens(): readonly string[] {
    return this.#tokens;
  }
  set tokens(tokens: readonly string[]) {
    this.#tokens = tokens;
    this.#value = Math.min(this.#value, Math.max(0, tokens.length - 1));
    this.#list.setAttribute("aria-label", this.getAttribute("label") ?? "Tokens");
    this.#list.replaceChildren(...tokens.map(() => html("button", { type: "button" })));
    this.repaint();
  }

  /** A number for each token, as its color; null for none. */
  get values(): ArrayLike<number> | null {
    return this.#values;
  }
  set values(values: ArrayLike<number> | null) {
    this.#values = values;
    this.repaint();
  }

  /** The number of full color; null for the largest value. */
  get reach(): number | null {
    return this.#reach;
  }
  set reach(reach: number | null) {
    this.#reach = reach;
    this.repaint();
  }

  /** A short text below each token. */
  get notes(): readonly string[] {
    return this.#notes;
  }
  set notes(notes: readonly string[]) {
    this.#notes = notes;
    this.repaint();
  }

  /** The index of the chosen token. */
  get value(): number {
    return this.#value;
  }
  set value(value: number) {
    this.#value = value;
    this.repaint();
  }

  /** The weights of the tokens that a token attends to; null for no arcs. */
  get lines(): ((index: number) => ArrayLike<number>) | null {
    return this.#lines;
  }
  set lines(lines: ((index: number) => ArrayLike<number>) | null) {
    this.#lines = lines;
    this.repaint();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  protected override repaint(): void {
    const reach = this.#reach ?? largest(this.#values ?? []);
    this.style.setProperty("--arcs", this.#lines === null ? "0px" : "120px");
    Array.from(this.#list.children).forEach((chip, i) => {
      if (!(chip instanceof HTMLElement)) return;
      const value = this.#values?.[i] ?? 0;
      const note = this.#notes[i];
      chip.replaceChildren(
        visible(this.#tokens[i] ?? ""),
        ...(note === undefined ? [] : [html("small", {}, note)]),
      );
      chip.style.backgroundImage =
        this.#values === null
          ? ""
          : `linear-gradient(${signedColor(0.6 * value, reach)}, ${signedColor(0.6 * value, reach)})`;
      chip.setAttribute("aria-pressed", String(i === this.#value));
      chip.tabIndex = i === this.#value ? 0 : -1;
    });
    const chip = this.#list.children[this.#value];
    if (chip instanceof HTMLElement && this.scrollWidth > this.clientWidth)
      this.scrollLeft = chip.offsetLeft - this.clientWidth / 2;
    this.#draw();
  }

  #draw(): void {
    if (!this.isConnected) return;
    const at = this.#hover ?? this.#value;
    const weights = this.#lines?.(at) ?? [];
    const center = (i: number) => {
      const chip = this.#list.children[i];
      return chip instanceof HTMLElement ? chip.offsetLeft + chip.offsetWidth / 2 : 0;
    };
    const [to, height] = [center(at), 120];
    this.#arcs.replaceChildren(
      ...Array.from(weights).flatMap((weight, i) => {
        if (weight < 0.004) return [];
        const from = center(i);
        const up = Math.min(height - 8, 18 + Math.abs(to - from) / 4);
        const d =
          i === at
            ? `M${to - 6} ${height}C${to - 8} ${height - 22} ${to + 8} ${height - 22} ${to + 6} ${height}`
            : `M${to} ${height}C${to} ${height - up * 1.3} ${from} ${height - up * 1.3} ${from} ${height}`;
        const strength = {
          "stroke-width": (0.7 + 6 * weight).toFixed(2),
          "stroke-opacity": (0.2 + 0.75 * weight).toFixed(2),
        };
        return [svg("path", { d, ...strength })];
      }),
    );
  }

  #preview(index: number | null): void {
    if (index === this.#hover) return;
    this.#hover = index;
    this.#draw();
    this.fire("preview", index);
  }

  #choose(index: number): void {
    if (index < 0) return;
    this.value = index;
    this.fire("change");
  }
}

definePart("pellucid-token-strip", PellucidTokenStrip);
