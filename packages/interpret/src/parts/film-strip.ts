import { html } from "../draw/element-of.ts";
import { colorAt, type Grid, paintInk } from "./paint.ts";
import { definePart, Part } from "./part.ts";

const css = `
:host { overflow-x: auto; }
div { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(var(--frame, 44px), 1fr); gap: 4px; width: 100%; }
button { padding: 2px; border: 1.5px solid transparent; border-radius: 6px; background: var(--sunk); }
button:hover { border-color: var(--line-strong); }
button[aria-pressed="true"] { border-color: var(--ink); }
canvas { width: 100%; aspect-ratio: 1; border-radius: 3px; }
small { display: block; font-size: var(--text-1); color: var(--ink-3); line-height: 1.4; white-space: nowrap; }
@media (forced-colors: active) { button[aria-pressed="true"] { outline: 3px solid Highlight; } canvas { forced-color-adjust: none; } }
`;

/** A frame: ink from 0 to 1, and a note below. */
export interface FilmFrame extends Grid {
  readonly note: string;
}

/** `<pellucid-film-strip>`: frames after each other; one is chosen. Fires `change`; arrow keys go from frame to frame. */
export class PellucidFilmStrip extends Part {
  #frames: readonly FilmFrame[] = [];
  #value = 0;
  readonly #list: HTMLElement;

  constructor() {
    const list = html("div", { role: "group", "aria-label": "Frames" });
    super(css, list);
    this.#list = list;
    list.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.#choose(Math.min(this.#frames.length - 1, Math.max(0, this.#value + step)));
      const next = list.children[this.#value];
      if (next instanceof HTMLElement) next.focus();
    });
  }

  /** The frames. */
  get frames(): readonly FilmFrame[] {
    return this.#frames;
  }
  set frames(frames: readonly FilmFrame[]) {
    this.#frames = frames;
    this.#list.setAttribute("aria-label", this.getAttribute("label") ?? "Frames");
    if (this.#list.childElementCount !== frames.length)
      this.#list.replaceChildren(
        ...frames.map((_, i) => {
          const button = html(
            "button",
            { type: "button" },
            html("canvas", { width: 1, height: 1, "aria-hidden": "true" }),
            html("small"),
          );
          button.addEventListener("click", () => this.#choose(i));
          return button;
        }),
      );
    this.repaint();
  }

  /** The index of the chosen frame. */
  get value(): number {
    return this.#value;
  }
  set value(value: number) {
    this.#value = value;
    this.repaint();
  }

  protected override repaint(): void {
    if (!this.isConnected) return;
    const ink = colorAt(this, "ink");
    Array.from(this.#list.children).forEach((button, i) => {
      const frame = this.#frames[i];
      const [canvas, note] = button.children;
      if (frame === undefined || !(canvas instanceof HTMLCanvasElement)) return;
      paintInk(canvas, frame, ink);
      if (note !== undefined) note.textContent = frame.note;
      button.setAttribute("aria-pressed", String(i === this.#value));
      button.setAttribute("tabindex", i === this.#value ? "0" : "-1");
    });
  }

  #choose(index: number): void {
    this.value = index;
    this.fire("change");
  }
}

definePart("pellucid-film-strip", PellucidFilmStrip);
