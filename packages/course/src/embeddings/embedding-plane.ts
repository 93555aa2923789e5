import { colorAt } from "@pellucid/interpret/parts/paint";
import { html } from "../../../interpret/src/draw/element-of.ts";

type Point = readonly [x: number, y: number];

/** Points of a map, each drawn as its digit; a line drawn around some selects them (`lasso` with their indices), a click or an arrow key one (`pick`), Space its neighborhood. */
export class EmbeddingPlane {
  readonly element: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  #map: Float32Array = new Float32Array(0);
  #texts: readonly string[] = [];
  #special: (i: number) => boolean = () => false;
  #at = 0;
  #chosen: ReadonlySet<number> = new Set();
  #line: Point[] = [];
  #box = [0, 0, 1, 1];

  constructor(label: string) {
    this.#canvas = html("canvas", {
      width: 560,
      height: 560,
      tabindex: 0,
      role: "application",
      "aria-label": label,
    });
    this.element = html("div", { class: "embedding-plane" }, this.#canvas);
    const canvas = this.#canvas;
    const pointOf = (event: PointerEvent): Point => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * 560, ((event.clientY - box.top) / box.height) * 560];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#line = [pointOf(event)];
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.#line.length === 0) return;
      this.#line.push(pointOf(event));
      this.repaint();
    });
    canvas.addEventListener("pointerup", () => this.#ends());
    canvas.addEventListener("pointercancel", () => this.#ends());
    canvas.addEventListener("keydown", (event) => {
      if (event.key === " ") this.#fire("lasso", this.#nearTo(this.#point(this.#at), 12));
      else {
        const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
          event.key
        ];
        if (way === undefined) return;
        this.#fire("pick", this.#towards([way[0] ?? 0, way[1] ?? 0]));
      }
      event.preventDefault();
    });
  }

  /** `[point, 2]`, what is written at each, and which are in color. */
  show(map: Float32Array, texts: readonly string[], special: (i: number) => boolean): void {
    [this.#map, this.#texts, this.#special] = [map, texts, special];
    const axis = (k: number) => map.filter((_, i) => i % 2 === k);
    const [xs, ys] = [axis(0), axis(1)];
    this.#box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    this.repaint();
  }

  /** The framed point, and those that are selected. */
  select(at: number, chosen: readonly number[]): void {
    this.#at = at;
    this.#chosen = new Set(chosen);
    this.repaint();
  }

  repaint(): void {
    const context = this.#canvas.getContext("2d");
    if (context === null || !this.element.isConnected) return;
    const color = (name: "ink" | "ink-3" | "plus" | "minus") =>
      `rgb(${colorAt(this.element, name).join(" ")})`;
    const [ink, pale, plus, minus] = [color("ink"), color("ink-3"), color("plus"), color("minus")];
    context.clearRect(0, 0, 560, 560);
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [i, text] of this.#texts.entries()) {
      const [x, y] = this.#point(i);
      const isChosen = this.#chosen.has(i);
      context.font = `${isChosen ? "700 19px" : "15px"} system-ui, sans-serif`;
      context.fillStyle = this.#special(i) ? plus : isChosen ? ink : pale;
      context.fillText(text, x, y);
    }
    const [x, y] = this.#point(this.#at);
    context.strokeStyle = minus;
    context.lineWidth = 3;
    context.strokeRect(x - 13, y - 13, 26, 26);
    if (this.#line.length < 2) return;
    context.beginPath();
    for (const [px, py] of this.#line) context.lineTo(px, py);
    context.stroke();
  }

  #point(i: number): Point {
    const [left = 0, top = 0, right = 1, bottom = 1] = this.#box;
    const share = (v: number, a: number, b: number) => 24 + (512 * (v - a)) / (b - a || 1);
    return [share(this.#map[2 * i] ?? 0, left, right), share(this.#map[2 * i + 1] ?? 0, top, bottom)];
  }

  #nearTo([x, y]: Point, count: number): number[] {
    const far = (i: number) => Math.hypot(this.#point(i)[0] - x, this.#point(i)[1] - y);
    return Array.from(this.#texts.keys())
      .toSorted((a, b) => far(a) - far(b))
      .slice(0, count);
  }

  /** The nearest point in a direction, or the one that is framed. */
  #towards([right, down]: Point): number {
    const [x, y] = this.#point(this.#at);
    const cost = (i: number) => {
      const [dx, dy] = [this.#point(i)[0] - x, this.#point(i)[1] - y];
      const ahead = dx * right + dy * down;
      return ahead < 1 ? Infinity : Math.hypot(dx, dy) + 2 * Math.abs(dx * down - dy * right);
    };
    const best = Array.from(this.#texts.keys()).reduce((a, b) => (cost(b) < cost(a) ? b : a), this.#at);
    return cost(best) === Infinity ? this.#at : best;
  }

  #ends(): void {
    const line = this.#line;
    this.#line = [];
    const first = line[0];
    if (first === undefined) return;
    const long = line.some(([x, y]) => Math.hypot(x - first[0], y - first[1]) > 12);
    if (long)
      this.#fire(
        "lasso",
        Array.from(this.#texts.keys()).filter((i) => inside(this.#point(i), line)),
      );
    else this.#fire("pick", this.#nearTo(first, 1)[0] ?? 0);
    this.repaint();
  }

  #fire(name: string, detail: number | readonly number[]): void {
    this.element.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Whether a point is inside of a closed line: a ray to the right crosses it an odd number of times. */
export function inside([x, y]: Point, line: readonly Point[]): boolean {
  return line.reduce((odd, [ax, ay], i) => {
    const [bx, by] = line[(i + 1) % line.length] ?? [0, 0];
    const crosses = ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay);
    return crosses ? !odd : odd;
  }, false);
}
