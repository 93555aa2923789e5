import { svg } from "../draw/element-of.ts";
import { definePart, Part } from "./part.ts";

const css = `
svg { display: block; width: 100%; height: auto; background: var(--sunk); border-radius: 8px; box-shadow: 0 0 0 1px var(--line); touch-action: none; }
.box > rect:first-child { fill: var(--color); fill-opacity: 0.06; stroke: var(--color); stroke-width: 2; vector-effect: non-scaling-stroke; }
.box.pale > rect:first-child { fill-opacity: 0; stroke-opacity: 0.35; stroke-dasharray: 4 4; }
.box.pale text { fill-opacity: 0.55; }
.box.strong > rect:first-child { fill-opacity: 0.16; stroke-width: 4; }
.box.movable { cursor: move; }
.box text { font: 600 13px system-ui, sans-serif; fill: var(--ink); paint-order: stroke; stroke: var(--sunk); stroke-width: 3px; }
.box:focus-visible { outline: none; }
.box:focus-visible > rect:first-child { stroke: var(--focus); stroke-width: 4; }
.handle { fill: var(--surface); stroke: var(--color); stroke-width: 2; cursor: nwse-resize; }
.shared { fill: var(--ink); fill-opacity: 0.28; }
@media (forced-colors: active) { svg { forced-color-adjust: none; } }
`;

/** A box on the picture, `[left, top, right, bottom]`. */
export interface EditedBox {
  readonly corners: readonly [left: number, top: number, right: number, bottom: number];
  readonly name: string;
  /** Whether it can be moved. Default: true. */
  readonly movable?: boolean;
  /** How it is drawn. Default: `"plain"`. */
  readonly look?: "plain" | "pale" | "strong";
  readonly color?: "plus" | "minus" | "ink";
}

/**
 * `<pellucid-box-editor>`: boxes to drag, on a plane of `plane` units; the handle at the lower right corner changes the size. With the keyboard: Tab to a box, arrows move it, Shift
 * with arrows changes its size. Fires `change` with `{ index, corners }`. `backdrop` is an SVG group drawn below.
 */
export class PellucidBoxEditor extends Part {
  #boxes: readonly EditedBox[] = [];
  #plane: readonly [width: number, height: number] = [320, 200];
  #backdrop: SVGElement | null = null;
  #shared: EditedBox["corners"] | null = null;
  readonly #svg: SVGSVGElement;

  constructor() {
    const picture = svg("svg", {
      role: "group",
      "aria-label": "Boxes; arrow keys move one, Shift and arrow keys change its size",
    });
    super(css, picture);
    this.#svg = picture;
  }

  /** The boxes, the last on top. */
  get boxes(): readonly EditedBox[] {
    return this.#boxes;
  }
  set boxes(boxes: readonly EditedBox[]) {
    this.#boxes = boxes;
    this.repaint();
  }

  /** Width and height of the plane. */
  get plane(): readonly [width: number, height: number] {
    return this.#plane;
  }
  set plane(plane: readonly [width: number, height: number]) {
    this.#plane = plane;
    this.repaint();
  }

  /** What is drawn below the boxes. */
  get backdrop(): SVGElement | null {
    return this.#backdrop;
  }
  set backdrop(backdrop: SVGElement | null) {
    this.#backdrop = backdrop;
    this.repaint();
  }

  /** A filled rectangle, such as an intersection; null for none. */
  get shared(): EditedBox["corners"] | null {
    return this.#shared;
  }
  set shared(shared: EditedBox["corners"] | null) {
    this.#shared = shared;
    this.repaint();
  }

  protected override repaint(): void {
    const focused = Array.from(this.#svg.querySelectorAll(".box")).indexOf(
      this.shadowRoot?.activeElement ?? this.#svg,
    );
    this.#svg.setAttribute("viewBox", `0 0 ${this.#plane[0]} ${this.#plane[1]}`);
    const shared = this.#shared;
    this.#svg.replaceChildren(
      ...(this.#backdrop === null ? [] : [this.#backdrop]),
      ...(shared === null ? [] : [rectOf(shared, "shared")]),
      ...this.#boxes.map((box, i) => this.#draw(box, i)),
    );
    const next = this.#svg.querySelectorAll<SVGElement>(".box")[focused];
    next?.focus();
  }

  #draw(
    { corners, name, movable = true, look = "plain", color = "ink" }: EditedBox,
    index: number,
  ): SVGElement {
    const [left, top, right, bottom] = corners;
    const group = svg("g", {
      class: `box ${look}${movable ? " movable" : ""}`,
      style: `--color: var(--${color})`,
    });
    const label = svg("text", { x: left + 3, y: Math.max(12, top - 4) }, name);
    group.append(rectOf(corners), label);
    if (!movable) return group;
    const words = `${name}: from ${Math.round(left)}, ${Math.round(top)} to ${Math.round(right)}, ${Math.round(bottom)}`;
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "application");
    group.setAttribute("aria-label", words);
    const handle = svg("rect", {
      class: "handle",
      x: right - 6,
      y: bottom - 6,
      width: 12,
      height: 12,
      rx: 2,
    });
    group.append(handle);
    group.addEventListener("pointerdown", (event) => this.#drag(event, index, event.target === handle));
    group.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const [dx, dy] = [4 * (step[0] ?? 0), 4 * (step[1] ?? 0)];
      this.#change(
        index,
        event.shiftKey
          ? [left, top, right + dx, bottom + dy]
          : [left + dx, top + dy, right + dx, bottom + dy],
      );
    });
    return group;
  }

  #drag(event: PointerEvent, index: number, resize: boolean): void {
    const start = this.#boxes[index]?.corners;
    const matrix = this.#svg.getScreenCTM()?.inverse();
    if (start === undefined || matrix === undefined) return;
    event.preventDefault();
    const at = ({ clientX, clientY }: PointerEvent) => new DOMPoint(clientX, clientY).matrixTransform(matrix);
    const from = at(event);
    const move = (moved: PointerEvent) => {
      const to = at(moved);
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const [left, top, right, bottom] = start;
      this.#change(
        index,
        resize ? [left, top, right + dx, bottom + dy] : [left + dx, top + dy, right + dx, bottom + dy],
      );
    };
    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  /** Keeps a box within the plane and at least 8 units wide and high. */
  #change(index: number, [left, top, right, bottom]: EditedBox["corners"]): void {
    const [width, height] = this.#plane;
    const within = (n: number, least: number, most: number) => Math.min(most, Math.max(least, n));
    const [w, h] = [within(right - left, 8, width), within(bottom - top, 8, height)];
    const [x, y] = [within(left, 0, width - w), within(top, 0, height - h)];
    const corners = [x, y, x + w, y + h] as const;
    this.#boxes = this.#boxes.map((box, i) => (i === index ? { ...box, corners } : box));
    this.fire("change", { index, corners });
    this.repaint();
  }
}

function rectOf([left, top, right, bottom]: EditedBox["corners"], name?: string): SVGElement {
  return svg("rect", {
    x: left,
    y: top,
    width: Math.max(0, right - left),
    height: Math.max(0, bottom - top),
    ...(name === undefined ? {} : { class: name }),
  });
}

definePart("pellucid-box-editor", PellucidBoxEditor);
