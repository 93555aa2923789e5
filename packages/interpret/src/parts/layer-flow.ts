import { html, svg } from "../draw/element-of.ts";
import type { Spot, Square } from "./explain-number.ts";
import { curve, keepLines, measure, signedLine, type Spread } from "./flow-lines.ts";
import { flowColumn, type FlowLayer, flowMaps } from "./flow-column.ts";
import { frameSquare } from "./frame-square.ts";
import { layerFlowCss } from "./layer-flow-css.ts";
import { nearestMap } from "./nearest-map.ts";
import { colorAt, largest, paintSigned } from "./paint.ts";
import { definePart, Part } from "./part.ts";

export { type FlowLayer } from "./flow-column.ts";

/** A number of a layer; the layer after the last is the output. */
export interface FlowSpot extends Spot {
  readonly layer: number;
}

/** What one map adds to another: `from` and `to` are a layer (−1 is the input, the one after the last the output) and a unit. */
export interface FlowLine {
  readonly from: readonly [layer: number, unit: number];
  readonly to: readonly [layer: number, unit: number];
  readonly part: number;
}

/**
 * `<pellucid-layer-flow>`: from an input (slot `input`, its tools in slot `tools`) over every map of every layer to an output (slot `output`). A press chooses a
 * number (`pick`), hovering previews it (`preview`), arrow keys go from map to map. Lines show what feeds it, squares what it sees. Below 760 pixels the flow is upright.
 */
export class PellucidLayerFlow extends Part {
  #layers: readonly FlowLayer[] = [];
  #spot: FlowSpot = { layer: 0, unit: 0, row: 0, column: 0 };
  #lines: readonly FlowLine[] = [];
  #squares: readonly (Square | undefined)[] = [];
  #outputs: readonly Element[] = [];
  #buttons: HTMLButtonElement[][] = [];
  #spreads = new Map<Element, Spread>();
  #inputSize: readonly [height: number, width: number] = [28, 28];
  #upright = false;
  #shape = "";
  readonly #edges: SVGSVGElement;
  readonly #columns: HTMLElement;
  readonly #input: HTMLElement;
  readonly #inputBox: HTMLElement;
  readonly #resized: ResizeObserver;

  constructor() {
    const edges = svg("svg", { class: "edges", "aria-hidden": "true" });
    const inputBox = html("i", { class: "box" });
    const input = html("div", { class: "input-area" }, html("slot", { name: "input" }), inputBox);
    const columns = html("div", { class: "columns" });
    const flow = html(
      "div",
      { class: "flow" },
      edges,
      html(
        "div",
        { class: "layer input" },
        html("slot", { name: "input-title" }),
        input,
        html("slot", { name: "tools" }),
      ),
      columns,
      html("div", { class: "layer output" }, html("slot", { name: "output" })),
    );
    super(layerFlowCss, flow);
    this.#edges = edges;
    this.#columns = columns;
    this.#input = input;
    this.#inputBox = inputBox;
    this.#resized = new ResizeObserver(() => this.#measure());
    this.#listen(flow);
  }

  /** The columns; the elements of maps stay as long as their sizes do. */
  get layers(): readonly FlowLayer[] {
    return this.#layers;
  }
  set layers(layers: readonly FlowLayer[]) {
    this.#layers = layers;
    const shape = JSON.stringify(layers.map((layer) => ({ ...layer, values: 0 })));
    if (shape !== this.#shape) this.#build();
    this.#shape = shape;
    this.repaint();
  }

  /** The number whose map is framed. */
  get spot(): FlowSpot {
    return this.#spot;
  }
  set spot(spot: FlowSpot) {
    this.#spot = spot;
    this.#press();
    this.#showSquares(spot);
  }

  /** The lines in color. */
  get lines(): readonly FlowLine[] {
    return this.#lines;
  }
  set lines(lines: readonly FlowLine[]) {
    this.#lines = lines;
    this.#drawLines();
  }

  /** How many numbers the input has, for its square. */
  get inputSize(): readonly [height: number, width: number] {
    return this.#inputSize;
  }
  set inputSize(size: readonly [height: number, width: number]) {
    this.#inputSize = size;
  }

  /** Elements within the output at which lines end. */
  get outputs(): readonly Element[] {
    return this.#outputs;
  }
  set outputs(outputs: readonly Element[]) {
    this.#outputs = outputs;
    this.#measure();
  }

  /** Shows what a spot sees: squares in the input, then in each layer up to its own. */
  show(at: FlowSpot, squares: readonly (Square | undefined)[]): void {
    this.#squares = squares;
    this.#showSquares(at);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    requestAnimationFrame(() => this.#measure());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  protected override repaint(): void {
    if (!this.isConnected) return;
    const inks = [colorAt(this, "plus"), colorAt(this, "minus")] as const;
    this.#layers.forEach(({ values, height, width, maps }, l) => {
      const reach = largest(values);
      this.#buttons[l]?.forEach((button, unit) => {
        const canvas = button.querySelector("canvas");
        if (canvas !== null)
          paintSigned(canvas, { values, height, width, from: unit, every: maps }, reach, inks);
      });
    });
  }

  #build(): void {
    this.#buttons = this.#layers.map(flowMaps);
    this.#columns.replaceChildren(
      ...this.#layers.map((layer, l) => flowColumn(layer, this.#buttons[l] ?? [])),
    );
    this.#press();
    this.#measure();
  }

  #press(): void {
    const { layer, unit } = this.#spot;
    this.#buttons.forEach((buttons, l) =>
      buttons.forEach((button, u) => {
        const chosen = l === layer && u === unit;
        button.setAttribute("aria-pressed", String(chosen));
        button.tabIndex = chosen || (layer >= this.#layers.length && l === 0 && u === 0) ? 0 : -1;
      }),
    );
  }

  #measure(): void {
    if (!this.isConnected) return;
    const flow = this.#edges.parentElement;
    if (flow === null) return;
    const base = flow.getBoundingClientRect();
    this.#upright = getComputedStyle(flow).flexDirection === "column";
    this.#edges.setAttribute("viewBox", `0 0 ${base.width || 1} ${base.height || 1}`);
    this.#spreads = measure(base, [this.#input, ...this.#buttons.flat(), ...this.#outputs]);
    this.#drawLines();
  }

  #end([layer, unit]: readonly [number, number]): Spread | undefined {
    const element =
      layer < 0
        ? this.#input
        : layer >= this.#layers.length
          ? this.#outputs[unit]
          : this.#buttons[layer]?.[unit];
    const spread = element === undefined ? undefined : this.#spreads.get(element);
    const first = this.#outputs[0];
    if (spread === undefined || !this.#upright || layer < this.#layers.length || first === undefined)
      return spread;
    return { ...spread, top: (this.#spreads.get(first) ?? spread).top };
  }

  #drawLines(): void {
    const threads = this.#layers.flatMap(({ reads, maps }, l) =>
      Array.from({ length: maps }, (_, unit) => {
        if (reads === "one" || l === 0)
          return { many: false, d: curve(this.#end([l - 1, unit]), this.#end([l, unit]), this.#upright) };
        const froms = this.#buttons[l - 1] ?? [];
        const all = froms.map((__, from) =>
          curve(this.#end([l - 1, from]), this.#end([l, unit]), this.#upright),
        );
        return { many: true, d: all.join("") };
      }),
    );
    const joined = (many: boolean) =>
      threads
        .filter((thread) => thread.many === many)
        .map(({ d }) => d)
        .join("");
    const most = new Map<number, number>();
    for (const { to, part } of this.#lines) most.set(to[0], Math.max(most.get(to[0]) ?? 0, Math.abs(part)));
    keepLines(this.#edges, [
      svg("path", { d: joined(false), class: "thread" }),
      svg("path", { d: joined(true), class: "thread many" }),
      ...this.#lines.map(({ from, to, part }) =>
        signedLine(curve(this.#end(from), this.#end(to), this.#upright), part, most.get(to[0]) ?? 1),
      ),
    ]);
  }

  #showSquares(at: FlowSpot): void {
    const [input, ...rest] = this.#squares;
    frameSquare(this.#inputBox, input, this.#inputSize);
    this.#buttons.forEach((buttons, l) => {
      const { height, width } = this.#layers[l] as FlowLayer;
      const straight = this.#layers.slice(l + 1, at.layer + 1).every(({ reads }) => reads === "one");
      buttons.forEach((button, unit) => {
        const box = button.querySelector("i");
        const own = l === at.layer && unit === at.unit;
        const feeds = l < at.layer && (!straight || unit === at.unit);
        const square = own ? { row: at.row, column: at.column, side: 1 } : feeds ? rest[l] : undefined;
        if (box !== null) frameSquare(box, square, [height, width]);
      });
    });
  }

  #spotOf(button: HTMLButtonElement, event: PointerEvent | null): FlowSpot {
    const layer = Number(button.dataset["layer"]);
    const unit = Number(button.dataset["unit"]);
    const { height, width } = this.#layers[layer] as FlowLayer;
    if (event === null) {
      const old = this.#layers[this.#spot.layer] ?? { height: 1, width: 1 };
      const scale = (n: number, from: number, to: number) => Math.floor((n * to) / from);
      return {
        layer,
        unit,
        row: scale(this.#spot.row, old.height, height),
        column: scale(this.#spot.column, old.width, width),
      };
    }
    const box = button.getBoundingClientRect();
    const within = (n: number, size: number) => Math.min(size - 1, Math.max(0, Math.floor(n * size)));
    return {
      layer,
      unit,
      row: within((event.clientY - box.top) / box.height, height),
      column: within((event.clientX - box.left) / box.width, width),
    };
  }

  #listen(flow: HTMLElement): void {
    const mapOf = (event: Event) =>
      event.target instanceof Element ? event.target.closest<HTMLButtonElement>(".map") : null;
    flow.addEventListener("pointermove", (event) => {
      const map = event.pointerType === "mouse" ? mapOf(event) : null;
      this.fire("preview", map === null ? null : this.#spotOf(map, event));
    });
    flow.addEventListener("pointerleave", () => this.fire("preview", null));
    flow.addEventListener("click", (event) => {
      const map = mapOf(event);
      if (map !== null)
        this.fire(
          "pick",
          this.#spotOf(map, event instanceof PointerEvent && event.detail > 0 ? event : null),
        );
    });
    flow.addEventListener("keydown", (event) => {
      const map = mapOf(event);
      const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
      if (step === undefined || map === null) return;
      event.preventDefault();
      const next = nearestMap(this.#buttons.flat(), this.#spreads, map, [step[0] ?? 0, step[1] ?? 0]);
      next?.focus();
      if (next !== undefined) this.fire("pick", this.#spotOf(next, null));
    });
  }
}

definePart("pellucid-layer-flow", PellucidLayerFlow);
