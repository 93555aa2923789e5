import { html } from "../draw/element-of.ts";
import { calculationCss } from "./calculation-css.ts";
import type { ExplainedNumber, NumberPart, Square } from "./explain-number.ts";
import { NumberCells } from "./number-cells.ts";
import { short, signed } from "./number-text.ts";
import { colorAt, type Grid, largest, paintInk, paintSigned } from "./paint.ts";
import { definePart, Part } from "./part.ts";
import { PellucidPlayer } from "./player.ts";

/** A map with a square on it. */
export interface FramedMap extends Grid {
  readonly caption: string;
  readonly square?: Square;
  /** The number of full color. Default: the largest of the map. */
  readonly reach?: number;
  /** Painted as ink from 0 to 1 rather than with signs. */
  readonly ink?: boolean;
}

/** What a calculation shows. */
export interface CalculationData {
  readonly title: string;
  readonly explained: ExplainedNumber;
  /** The map that the number is computed from, by the index of the input map. */
  readonly source: (from: number) => FramedMap;
  /** The map that the number is in; none if it is not in a map. */
  readonly target?: FramedMap;
  /** What is shown where `target` would be. */
  readonly extra?: HTMLElement;
}

/**
 * `<pellucid-calculation>`: how one number is computed: window × filter = products, added up product by product in the player, plus the other input maps and the
 * bias. Pointing at the target map, its arrow keys and "Slide the window" fire `pick` with `{ row, column }`.
 */
export class PellucidCalculation extends Part {
  #data: CalculationData | null = null;
  #channel = 0;
  #terms = Infinity;
  #sliding: ReturnType<typeof setInterval> | undefined;
  readonly #element: HTMLElement;
  readonly #title = html("h2", { class: "small" });
  readonly #source = framed();
  readonly #target = framed();
  readonly #extra = html("div", { class: "extra" });
  readonly #grids = [
    new NumberCells("input window"),
    new NumberCells("filter"),
    new NumberCells("products"),
  ] as const;
  readonly #sum = html("p", { class: "sum" });
  readonly #others = html("div", { class: "channels", role: "group" });
  readonly #slide = html("button", { type: "button", class: "slide" }, "▶ Slide the window");
  readonly #player = new PellucidPlayer();

  constructor() {
    const element = html("section", { class: "calculation", "aria-label": "How a number is computed" });
    super(calculationCss, element);
    this.#element = element;
    const [window, kernel, products] = this.#grids;
    const times = html("span", { class: "op" }, "×");
    const equals = html("span", { class: "op" }, "=");
    this.#player.setAttribute("label", "product");
    this.#player.rate = 9;
    element.append(
      html("header", {}, this.#title, html("div", { class: "player" }, this.#slide, this.#player)),
      html(
        "div",
        { class: "bench" },
        this.#source.element,
        html(
          "div",
          { class: "steps" },
          html("div", { class: "grids" }, window.element, times, kernel.element, equals, products.element),
          this.#sum,
          this.#others,
        ),
        html("div", { class: "end" }, this.#target.element, this.#extra),
      ),
    );
    const { canvas } = this.#target;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    this.#listen(canvas);
  }

  /** What is shown; null for nothing yet. */
  get data(): CalculationData | null {
    return this.#data;
  }
  set data(data: CalculationData | null) {
    this.#data = data;
    this.repaint();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override repaint(): void {
    if (this.#data === null || !this.isConnected) return;
    const { title, explained, source, target, extra } = this.#data;
    this.#title.textContent = title;
    this.#target.element.hidden = target === undefined;
    this.#slide.hidden = target === undefined;
    this.#extra.replaceChildren(...(extra === undefined ? [] : [extra]));
    if (target !== undefined) {
      this.#paint(this.#target, target);
      this.#target.canvas.setAttribute(
        "aria-label",
        `${target.caption}: ${target.height} by ${target.width}. Arrow keys choose the number.`,
      );
    }
    this.#element.classList.toggle("pool", explained.kind === "largest");
    if (explained.kind === "largest") return this.#showLargest(explained, source(0));
    if (this.#channel >= explained.parts.length) this.#channel = 0;
    this.#element.classList.toggle("one", explained.parts.length === 1);
    this.#paint(this.#source, source(this.#channel));
    this.#showSum(explained);
  }

  #showLargest(
    { window, most, result }: ExplainedNumber & { readonly kind: "largest" },
    source: FramedMap,
  ): void {
    this.#paint(this.#source, source);
    this.#grids[0].show(window, { reach: largest(window), lit: most });
    const winner = window[most] ?? 0;
    this.#sum.replaceChildren(
      "The largest is ",
      strong(short(winner)),
      result === 0 ? ". It is not above 0, so it becomes " : ". It is above 0, so it stays ",
      html("output", { class: "result" }, short(result)),
    );
    this.#others.replaceChildren();
  }

  #showSum({ parts, bias, result }: ExplainedNumber & { readonly kind: "sum" }): void {
    const { window, kernel, sum } = parts[this.#channel] as NumberPart;
    const products = window.map((v, i) => v * (kernel[i] ?? 0));
    const size = products.length;
    if (this.#player.steps !== size) {
      this.#player.steps = size;
      this.#terms = Infinity;
    }
    const now = Math.min(size, this.#terms);
    if (this.#player.at !== now - 1) this.#player.at = now - 1;
    const at = now < size ? { lit: now - 1 } : {};
    this.#grids[0].show(window, { ink: parts.length === 1, reach: largest(window), ...at });
    this.#grids[1].show(kernel, { reach: largest(kernel), ...at });
    this.#grids[2].show(products, { reach: largest(products), upTo: now, ...at });
    const partial = products.slice(0, now).reduce((a, b) => a + b, 0);
    const rest = parts.reduce((all, part) => all + part.sum, 0) - sum;
    const total = now < size ? `${short(partial + rest + bias)} …` : short(result);
    this.#sum.replaceChildren(
      now < size ? `${now} of ${size} products ` : "sum of products ",
      strong(short(partial)),
      ...(parts.length === 1 ? [] : [` + other ${parts.length - 1} maps `, strong(signed(rest))]),
      " + bias ",
      strong(signed(bias)),
      " = ",
      html("output", { class: "result" }, total),
    );
    this.#showChannels(parts);
  }

  #showChannels(parts: readonly NumberPart[]): void {
    const reach = largest(parts.map((part) => part.sum));
    const focused = this.#others.contains(this.shadowRoot?.activeElement ?? null);
    this.#others.setAttribute("aria-label", `Parts of the ${parts.length} input maps; press one to see it`);
    this.#others.replaceChildren(
      ...(parts.length === 1 ? [] : parts).map((part) => {
        const bar = html("i", { class: part.sum < 0 ? "minus" : "plus" });
        bar.style.setProperty("--part", String(Math.abs(part.sum) / (reach || 1)));
        const pressed = String(part.from === this.#channel);
        const button = html(
          "button",
          { type: "button", "aria-pressed": pressed },
          html("span", {}, String(part.from + 1)),
          bar,
          html("span", { class: "n" }, signed(part.sum, Math.abs(part.sum) >= 10 ? 0 : 1)),
        );
        button.addEventListener("click", () => {
          this.#channel = part.from;
          this.repaint();
        });
        return button;
      }),
    );
    const button = this.#others.children[this.#channel];
    if (focused && button instanceof HTMLElement) button.focus();
  }

  #paint({ canvas, box, caption }: ReturnType<typeof framed>, map: FramedMap): void {
    if (map.ink === true) paintInk(canvas, map, colorAt(this, "ink"));
    else
      paintSigned(canvas, map, map.reach ?? largest(map.values), [
        colorAt(this, "plus"),
        colorAt(this, "minus"),
      ]);
    caption.textContent = map.caption;
    box.hidden = map.square === undefined;
    if (map.square === undefined) return;
    const { row, column, side } = map.square;
    const at = (n: number, size: number) => `${(100 * n) / size}%`;
    box.style.cssText = `left:${at(column, map.width)};top:${at(row, map.height)};width:${at(side, map.width)};height:${at(side, map.height)}`;
  }

  #pick(row: number, column: number): void {
    const target = this.#data?.target;
    if (target === undefined) return;
    const within = (n: number, size: number) => Math.min(size - 1, Math.max(0, n));
    const next = { row: within(row, target.height), column: within(column, target.width) };
    if (next.row !== target.square?.row || next.column !== target.square.column) this.fire("pick", next);
  }

  #stop(): void {
    clearInterval(this.#sliding);
    this.#sliding = undefined;
    this.#slide.textContent = "▶ Slide the window";
  }

  #listen(canvas: HTMLCanvasElement): void {
    this.#player.addEventListener("step", () => {
      this.#terms = this.#player.at + 1;
      this.repaint();
    });
    this.#slide.addEventListener("click", () => {
      if (this.#sliding !== undefined) return this.#stop();
      this.#slide.textContent = "❚❚ Pause";
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.#sliding = setInterval(
        () => {
          const { square, height, width } = this.#data?.target ?? { square: undefined, height: 1, width: 1 };
          const next = ((square?.row ?? 0) * width + (square?.column ?? 0) + 1) % (height * width);
          this.#pick(Math.floor(next / width), next % width);
        },
        calm ? 800 : 140,
      );
    });
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      const square = this.#data?.target?.square;
      if (step === undefined || square === undefined) return;
      event.preventDefault();
      this.#stop();
      this.#pick(square.row + (step[0] ?? 0), square.column + (step[1] ?? 0));
    });
    const point = (event: PointerEvent) => {
      const { height, width } = this.#data?.target ?? { height: 1, width: 1 };
      const box = canvas.getBoundingClientRect();
      this.#stop();
      this.#pick(
        Math.floor(((event.clientY - box.top) / box.height) * height),
        Math.floor(((event.clientX - box.left) / box.width) * width),
      );
    };
    canvas.addEventListener("pointerdown", point);
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" || event.buttons > 0) point(event);
    });
  }
}

const strong = (text: string) => html("b", {}, text);

/** A large map, with a square on it and words below. */
function framed() {
  const canvas = html("canvas", {
    width: 1,
    height: 1,
    role: "img",
    "aria-label": "The map that the number is computed from",
  });
  const box = html("i", { class: "box" });
  const caption = html("figcaption", {});
  const element = html("figure", { class: "large" }, html("div", { class: "framed" }, canvas, box), caption);
  return { element, canvas, box, caption };
}

definePart("pellucid-calculation", PellucidCalculation);
