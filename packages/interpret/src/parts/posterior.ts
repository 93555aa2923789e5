import { svg } from "../draw/element-of.ts";
import { definePart, Part } from "./part.ts";

const css = `
svg { display: block; width: 100%; height: auto; background: var(--sunk); border-radius: 8px; box-shadow: 0 0 0 1px var(--line); touch-action: none; cursor: copy; }
.band { fill: var(--ink-3); fill-opacity: 0.22; }
.mean { fill: none; stroke: var(--ink); stroke-width: 2.5; }
.sample { fill: none; stroke: var(--minus); stroke-width: 1.4; stroke-opacity: 0.75; }
.zero { stroke: var(--line); }
.point circle { fill: var(--surface); stroke: var(--ink); stroke-width: 2.5; }
.point .hit { fill: transparent; stroke: none; }
.point { cursor: grab; }
.point:focus-visible { outline: none; }
.point:focus-visible circle:last-child { stroke: var(--focus); stroke-width: 4; }
@media (forced-colors: active) { svg { forced-color-adjust: none; } }
`;

/** A measurement. */
export type PlanePoint = readonly [x: number, y: number];

/** What a process predicts at each `x`. */
export interface PosteriorCurve {
  readonly x: readonly number[];
  readonly mean: ArrayLike<number>;
  readonly std: ArrayLike<number>;
  /** Functions that are possible. */
  readonly samples?: readonly ArrayLike<number>[];
}

const [width, height] = [880, 400];

/**
 * `<pellucid-posterior>`: measurements with the mean, the 95% band and possible functions of a process. A press on the plane adds a point, dragging moves one; Tab goes from point to point,
 * arrow keys move it, Delete takes it away. Fires `change`; `points` are the new ones.
 */
export class PellucidPosterior extends Part {
  #points: readonly PlanePoint[] = [];
  #curve: PosteriorCurve | null = null;
  #ranges = { x: [0, 1] as readonly [number, number], y: [-1, 1] as readonly [number, number] };
  readonly #svg: SVGSVGElement;

  constructor() {
    const picture = svg("svg", {
      viewBox: `0 0 ${width} ${height}`,
      role: "group",
      "aria-label": "Measurements; arrow keys move one, Delete takes it away",
    });
    super(css, picture);
    this.#svg = picture;
    picture.addEventListener("pointerdown", (event) => {
      if (event.target instanceof Element && event.target.closest(".point") !== null) return;
      this.#set([...this.#points, this.#pointAt(event)]);
    });
  }

  /** The measurements. */
  get points(): readonly PlanePoint[] {
    return this.#points;
  }
  set points(points: readonly PlanePoint[]) {
    this.#points = points;
    this.repaint();
  }

  /** The prediction; null for none. */
  get curve(): PosteriorCurve | null {
    return this.#curve;
  }
  set curve(curve: PosteriorCurve | null) {
    this.#curve = curve;
    this.repaint();
  }

  /** What of the plane is seen. */
  get ranges(): { readonly x: readonly [number, number]; readonly y: readonly [number, number] } {
    return this.#ranges;
  }
  set ranges(ranges: { readonly x: readonly [number, number]; readonly y: readonly [number, number] }) {
    this.#ranges = ranges;
    this.repaint();
  }

  protected override repaint(): void {
    const focused = Array.from(this.#svg.querySelectorAll(".point")).indexOf(
      this.shadowRoot?.activeElement ?? this.#svg,
    );
    this.#svg.replaceChildren(
      svg("path", { class: "zero", d: `M0 ${this.#up(0)}H${width}` }),
      ...this.#lines(),
      ...this.#points.map((point, i) => this.#draw(point, i)),
    );
    this.#svg.querySelectorAll<SVGElement>(".point")[focused]?.focus();
  }

  #lines(): SVGElement[] {
    if (this.#curve === null) return [];
    const { x, mean, std, samples = [] } = this.#curve;
    const line = (values: ArrayLike<number>) =>
      x
        .map(
          (v, i) =>
            `${i === 0 ? "M" : "L"}${this.#across(v).toFixed(1)} ${this.#up(values[i] ?? 0).toFixed(1)}`,
        )
        .join("");
    const edge = (sign: number) =>
      x.map(
        (v, i) =>
          `${this.#across(v).toFixed(1)} ${this.#up((mean[i] ?? 0) + sign * 1.96 * (std[i] ?? 0)).toFixed(1)}`,
      );
    return [
      svg("path", { class: "band", d: `M${[...edge(1), ...edge(-1).toReversed()].join("L")}Z` }),
      ...samples.map((values) => svg("path", { class: "sample", d: line(values) })),
      svg("path", { class: "mean", d: line(mean) }),
    ];
  }

  #draw([x, y]: PlanePoint, index: number): SVGElement {
    const at = { cx: this.#across(x).toFixed(1), cy: this.#up(y).toFixed(1) };
    const group = svg(
      "g",
      {
        class: "point",
        tabindex: 0,
        role: "application",
        "aria-label": `Measurement ${index + 1}: ${x.toFixed(2)}, ${y.toFixed(2)}`,
      },
      svg("circle", { class: "hit", r: 16, ...at }),
      svg("circle", { r: 7, ...at }),
    );
    group.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const move = (moved: PointerEvent) => this.#move(index, this.#pointAt(moved));
      const end = () => {
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", end);
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", end);
    });
    group.addEventListener("keydown", (event) => {
      const [wide, high] = [this.#ranges.x[1] - this.#ranges.x[0], this.#ranges.y[1] - this.#ranges.y[0]];
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (step !== undefined)
        this.#move(index, [x + (wide / 50) * (step[0] ?? 0), y + (high / 50) * (step[1] ?? 0)]);
      else if (event.key === "Delete" && this.#points.length > 2)
        this.#set(this.#points.filter((_, i) => i !== index));
      else return;
      event.preventDefault();
    });
    return group;
  }

  #across(x: number): number {
    const [least, most] = this.#ranges.x;
    return (width * (x - least)) / (most - least);
  }

  #up(y: number): number {
    const [least, most] = this.#ranges.y;
    return height - (height * (y - least)) / (most - least);
  }

  #pointAt({ clientX, clientY }: PointerEvent): PlanePoint {
    const box = this.#svg.getBoundingClientRect();
    const { x, y } = this.#ranges;
    return [
      x[0] + ((x[1] - x[0]) * (clientX - box.left)) / box.width,
      y[1] - ((y[1] - y[0]) * (clientY - box.top)) / box.height,
    ];
  }

  #move(index: number, [x, y]: PlanePoint): void {
    const within = (n: number, [least, most]: readonly [number, number]) =>
      Math.min(most, Math.max(least, n));
    const point = [within(x, this.#ranges.x), within(y, this.#ranges.y)] as const;
    this.#set(this.#points.map((old, i) => (i === index ? point : old)));
  }

  #set(points: readonly PlanePoint[]): void {
    this.points = points;
    this.fire("change");
  }
}

definePart("pellucid-posterior", PellucidPosterior);
