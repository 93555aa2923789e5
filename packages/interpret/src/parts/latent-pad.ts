import { html } from "../draw/element-of.ts";
import { colorAt, paintInk } from "./paint.ts";
import { definePart, Part } from "./part.ts";

const css = `
.pad { position: relative; aspect-ratio: 1; background: var(--sunk); border-radius: 6px; box-shadow: 0 0 0 1px var(--line-strong); overflow: hidden; touch-action: none; cursor: crosshair; }
.tiles { display: grid; grid-template-columns: repeat(var(--side, 1), 1fr); width: 100%; height: 100%; }
.tiles canvas { width: 100%; height: 100%; }
.point { position: absolute; width: 18px; height: 18px; margin: -9px 0 0 -9px; border: 3px solid var(--plus); background: color-mix(in srgb, var(--surface) 60%, transparent); border-radius: 50%; pointer-events: none; }
.pad:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
@media (forced-colors: active) { .pad, canvas { forced-color-adjust: none; } }
`;

/**
 * `<pellucid-latent-pad>`: a plane of two numbers, each from −reach to reach, with a point that is dragged or moved with arrow keys; `tiles` are drawn below it, a square of small pictures
 * row by row from the upper left. Fires `input` with `at` changed.
 */
export class PellucidLatentPad extends Part {
  #at: readonly [x: number, y: number] = [0, 0];
  #reach = 3;
  #tiles: readonly ArrayLike<number>[] = [];
  #label = "A plane of two numbers";
  readonly #pad: HTMLElement;
  readonly #grid: HTMLElement;
  readonly #point: HTMLElement;

  constructor() {
    const grid = html("div", { class: "tiles", "aria-hidden": "true" });
    const point = html("i", { class: "point" });
    const pad = html("div", { class: "pad", tabindex: 0, role: "application" }, grid, point);
    super(css, pad);
    this.#pad = pad;
    this.#grid = grid;
    this.#point = point;
    const to = (event: PointerEvent) => {
      const box = pad.getBoundingClientRect();
      const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      this.#move((2 * x - 1) * this.#reach, (1 - 2 * y) * this.#reach);
    };
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(event.pointerId);
      to(event);
    });
    pad.addEventListener("pointermove", (event) => pad.hasPointerCapture(event.pointerId) && to(event));
    pad.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const by = this.#reach / 15;
      this.#move(this.#at[0] + by * (step[0] ?? 0), this.#at[1] + by * (step[1] ?? 0));
    });
  }

  /** The point. */
  get at(): readonly [x: number, y: number] {
    return this.#at;
  }
  set at(at: readonly [x: number, y: number]) {
    this.#at = at;
    this.#showPoint();
  }

  /** The largest absolute value of each number. */
  get reach(): number {
    return this.#reach;
  }
  set reach(reach: number) {
    this.#reach = reach;
    this.#showPoint();
  }

  /** Square pictures of ink from 0 to 1, as many in a row as in a column. */
  get tiles(): readonly ArrayLike<number>[] {
    return this.#tiles;
  }
  set tiles(tiles: readonly ArrayLike<number>[]) {
    this.#tiles = tiles;
    this.repaint();
  }

  /** What the plane is, for readers of the screen. */
  get label(): string {
    return this.#label;
  }
  set label(label: string) {
    this.#label = label;
    this.#showPoint();
  }

  protected override repaint(): void {
    this.#showPoint();
    if (!this.isConnected) return;
    const side = Math.round(Math.sqrt(this.#tiles.length));
    this.#grid.style.setProperty("--side", String(Math.max(1, side)));
    while (this.#grid.childElementCount > this.#tiles.length) this.#grid.lastElementChild?.remove();
    while (this.#grid.childElementCount < this.#tiles.length)
      this.#grid.append(html("canvas", { width: 1, height: 1 }));
    const ink = colorAt(this, "ink-3");
    Array.from(this.#grid.children).forEach((canvas, i) => {
      const values = this.#tiles[i] ?? [];
      const size = Math.round(Math.sqrt(values.length));
      if (canvas instanceof HTMLCanvasElement && size > 0)
        paintInk(canvas, { values, height: size, width: size }, ink);
    });
  }

  #showPoint(): void {
    const share = (n: number) => `${50 + (50 * n) / this.#reach}%`;
    this.#point.style.left = share(this.#at[0]);
    this.#point.style.top = share(-this.#at[1]);
    const [x, y] = this.#at.map((n) => n.toFixed(2));
    this.#pad.setAttribute("aria-label", `${this.#label}. The point is at ${x}, ${y}. Arrow keys move it.`);
  }

  #move(x: number, y: number): void {
    const within = (n: number) => Math.min(this.#reach, Math.max(-this.#reach, n));
    this.at = [within(x), within(y)];
    this.fire("input");
  }
}

definePart("pellucid-latent-pad", PellucidLatentPad);
