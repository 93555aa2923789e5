import { html } from "../draw/element-of.ts";
import { colorAt, paintInk } from "./paint.ts";
import { definePart, Part } from "./part.ts";

const css = `
:host { width: 100%; aspect-ratio: 1; background: var(--sunk); border-radius: 8px; box-shadow: 0 0 0 1px var(--line-strong); touch-action: none;
  background-image: linear-gradient(var(--line) 1px, transparent 1px), linear-gradient(90deg, var(--line) 1px, transparent 1px); background-size: calc(100% / 7) calc(100% / 7); background-position: -1px -1px; forced-color-adjust: none; }
canvas { width: 100%; height: 100%; cursor: crosshair; border-radius: 8px; touch-action: none; }
:host([erase]) canvas { cursor: cell; }
.mark { position: absolute; width: 14px; height: 14px; margin: -7px 0 0 -7px; border: 2px solid var(--focus); border-radius: 50%; pointer-events: none; }
.mark.down { background: var(--focus); }
`;

type Point = readonly [x: number, y: number];

const steps: Readonly<Record<string, Point>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/**
 * `<pellucid-draw-pad size="28">`: a square of pixels to draw on, by pointer or by keys: arrows move the pen, Space puts it down and lifts it, Backspace undoes,
 * Shift or the right button erases. Fires `input` while a stroke grows and `change` at its end. What is seen is what a network reads.
 */
export class PellucidDrawPad extends Part {
  #size = 28;
  #pixels = new Float32Array(28 * 28);
  #undo: Float32Array<ArrayBuffer>[] = [];
  readonly #canvas: HTMLCanvasElement;
  readonly #mark: HTMLElement;
  #pen: Point | null = null;
  #keyPen: Point = [14, 14];
  #keyDown = false;

  static readonly observedAttributes = ["size"];

  constructor() {
    const canvas = html("canvas", { width: 28, height: 28, tabindex: 0, role: "application" });
    const mark = html("div", { class: "mark", hidden: "" });
    super(css, canvas, mark);
    this.#canvas = canvas;
    this.#mark = mark;
    this.#listen();
  }

  /** Pixels from 0 to 1, row by row. */
  get pixels(): Float32Array {
    return this.#pixels;
  }
  set pixels(pixels: ArrayLike<number>) {
    if (pixels.length !== this.#size ** 2)
      throw new RangeError(
        `pellucid-draw-pad: got ${pixels.length} pixels, expected ${this.#size} × ${this.#size}.`,
      );
    this.#pixels = Float32Array.from(pixels);
    this.repaint();
  }

  /** Pixels along a side. */
  get size(): number {
    return this.#size;
  }

  /** Whether the pen erases. */
  get erase(): boolean {
    return this.hasAttribute("erase");
  }
  set erase(erase: boolean) {
    this.toggleAttribute("erase", erase);
  }

  /** Whether there is a stroke to undo. */
  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  attributeChangedCallback(): void {
    const size = Number(this.getAttribute("size") ?? 28);
    if (!Number.isInteger(size) || size < 2 || size > 256 || size === this.#size) return;
    this.#size = size;
    this.#pixels = new Float32Array(size ** 2);
    this.#undo = [];
    this.#keyPen = [Math.floor(size / 2), Math.floor(size / 2)];
    this.repaint();
  }

  /** Takes all ink away. */
  clear(): void {
    this.#save();
    this.#pixels.fill(0);
    this.#changed();
  }

  /** Takes the last stroke back. */
  undo(): void {
    const previous = this.#undo.pop();
    if (previous === undefined) return;
    this.#pixels = previous;
    this.#changed();
  }

  /** Moves the center of the ink to the middle, as MNIST's digits are. */
  center(): void {
    const size = this.#size;
    let [all, down, across] = [0, 0, 0];
    this.#pixels.forEach((v, i) => {
      all += v;
      down += v * Math.floor(i / size);
      across += v * (i % size);
    });
    if (all === 0) return;
    const middle = (size - 1) / 2;
    const [dy, dx] = [Math.round(middle - down / all), Math.round(middle - across / all)];
    this.#save();
    const moved = new Float32Array(size ** 2);
    this.#pixels.forEach((v, i) => {
      const [y, x] = [Math.floor(i / size) + dy, (i % size) + dx];
      if (y >= 0 && y < size && x >= 0 && x < size) moved[y * size + x] = v;
    });
    this.#pixels = moved;
    this.#changed();
  }

  protected override repaint(): void {
    const size = this.#size;
    this.#canvas.setAttribute(
      "aria-label",
      `Drawing pad, ${size} by ${size}. Arrow keys move the pen, Space puts it down or lifts it, Backspace undoes.`,
    );
    if (!this.isConnected) return;
    paintInk(this.#canvas, { values: this.#pixels, height: size, width: size }, colorAt(this, "ink"));
  }

  #changed(): void {
    this.repaint();
    this.fire("input");
    this.fire("change");
  }

  #save(): void {
    this.#undo.push(Float32Array.from(this.#pixels));
    if (this.#undo.length > 50) this.#undo.shift();
  }

  #listen(): void {
    const canvas = this.#canvas;
    const pointOf = (event: PointerEvent): Point => {
      const box = canvas.getBoundingClientRect();
      return [
        ((event.clientX - box.left) / box.width) * this.#size - 0.5,
        ((event.clientY - box.top) / box.height) * this.#size - 0.5,
      ];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#save();
      this.#pen = pointOf(event);
      this.#stroke(this.#pen, this.#pen, event.button === 2 || event.shiftKey);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.#pen === null) return;
      const all = event.getCoalescedEvents?.() ?? [];
      for (const each of all.length === 0 ? [event] : all) {
        const next = pointOf(each);
        this.#stroke(this.#pen, next, event.buttons === 2 || event.shiftKey);
        this.#pen = next;
      }
    });
    const end = () => {
      if (this.#pen === null) return;
      this.#pen = null;
      this.fire("change");
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => (this.#mark.hidden = true));
    canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && this.#showMark());
  }

  #key(event: KeyboardEvent): void {
    const step = steps[event.key];
    if (step !== undefined) {
      const within = (n: number) => Math.min(this.#size - 1, Math.max(0, n));
      const next: Point = [within(this.#keyPen[0] + step[0]), within(this.#keyPen[1] + step[1])];
      if (this.#keyDown) this.#stroke(this.#keyPen, next, event.shiftKey);
      this.#keyPen = next;
    } else if (event.key === " ") {
      this.#keyDown = !this.#keyDown;
      if (this.#keyDown) {
        this.#save();
        this.#stroke(this.#keyPen, this.#keyPen, event.shiftKey);
      } else this.fire("change");
    } else if (event.key === "Backspace") this.undo();
    else return;
    event.preventDefault();
    this.#showMark();
  }

  #showMark(): void {
    this.#mark.hidden = false;
    this.#mark.classList.toggle("down", this.#keyDown);
    const at = (n: number) => `${(100 * (n + 0.5)) / this.#size}%`;
    this.#mark.style.left = at(this.#keyPen[0]);
    this.#mark.style.top = at(this.#keyPen[1]);
  }

  /** A soft round pen along a straight piece; the eraser takes away as much. */
  #stroke([ax, ay]: Point, [bx, by]: Point, away: boolean): void {
    const size = this.#size;
    const [dx, dy] = [bx - ax, by - ay];
    const squared = dx * dx + dy * dy || 1;
    const erase = away || this.erase;
    const reach = (erase ? 2.6 : 1.9) * (size / 28);
    const from = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach - 1));
    const to = (a: number, b: number) => Math.min(size - 1, Math.ceil(Math.max(a, b) + reach + 1));
    for (let y = from(ay, by); y <= to(ay, by); y++)
      for (let x = from(ax, bx); x <= to(ax, bx); x++) {
        const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
        const ink = Math.min(1, Math.max(0, reach - Math.hypot(x - ax - along * dx, y - ay - along * dy)));
        const now = this.#pixels[y * size + x] ?? 0;
        this.#pixels[y * size + x] = erase ? Math.min(now, 1 - ink) : Math.max(now, ink);
      }
    this.repaint();
    this.fire("input");
  }
}

definePart("pellucid-draw-pad", PellucidDrawPad);
