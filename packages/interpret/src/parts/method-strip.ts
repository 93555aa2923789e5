import { html } from "../draw/element-of.ts";
import { MethodCard, type StripMethod } from "./method-card.ts";
import { methodStripCss } from "./method-strip-css.ts";
import { signed } from "./number-text.ts";
import { definePart, Part } from "./part.ts";

/** Several explanations of one picture, and how the test of each went. */
export interface MethodStripData {
  /** The explained picture as ink from 0 to 1. */
  readonly ink: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  readonly methods: readonly StripMethod[];
  /** The mean curve of random orders. */
  readonly random: ArrayLike<number>;
  /** How many random orders each map is compared with. */
  readonly orders: number;
}

/** A pixel. */
export interface Cursor {
  readonly row: number;
  readonly column: number;
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * `<pellucid-method-strip>`: explanations next to each other with one cursor on all of them, and below each its deletion test: what is left when the share `hide` of the most
 * important ink is erased (`left`), how the probability falls, and a badge. A map passes when it beats every random order. Fires `cursor` with a
 * pixel or null.
 */
export class PellucidMethodStrip extends Part {
  #data: MethodStripData | null = null;
  #hide = 0.4;
  #cursor: Cursor | null = null;
  #home: Cursor = { row: 14, column: 14 };
  #cards: readonly MethodCard[] = [];
  readonly #list: HTMLElement;

  constructor() {
    const list = html("div", { class: "methods" });
    super(methodStripCss, list);
    this.#list = list;
  }

  /** The explanations; null while there are none. */
  get data(): MethodStripData | null {
    return this.#data;
  }
  set data(data: MethodStripData | null) {
    this.#data = data;
    this.removeAttribute("aria-busy");
    if (
      data !== null &&
      this.#cards.map((card) => card.title).join() !== data.methods.map((m) => m.title).join()
    )
      this.#build(data);
    this.repaint();
  }

  /** The share of ink that is erased in the test. */
  get hide(): number {
    return this.#hide;
  }
  set hide(hide: number) {
    this.#hide = hide;
    for (const card of this.#cards) card.markAt(hide);
  }

  /** The pixel that all maps show. */
  get cursor(): Cursor | null {
    return this.#cursor;
  }
  set cursor(cursor: Cursor | null) {
    this.#cursor = cursor;
    if (cursor !== null) this.#home = cursor;
    this.#readOut();
  }

  /** Says that newer explanations are being computed. */
  wait(): void {
    this.setAttribute("aria-busy", "true");
  }

  /** Shows what is left of the picture by each method, and what the model predicts of that. */
  showLeft(pictures: readonly ArrayLike<number>[], says: readonly string[]): void {
    if (this.#data === null) return;
    const { height, width } = this.#data;
    this.#cards.forEach((card, i) =>
      card.showLeft({ values: pictures[i] ?? [], height, width }, says[i] ?? ""),
    );
  }

  protected override repaint(): void {
    if (this.#data === null || !this.isConnected) return;
    for (const [i, card] of this.#cards.entries()) card.show(this.#data, i, this.#hide);
    this.#readOut();
  }

  #build({ methods }: MethodStripData): void {
    this.#cards = methods.map((method) => new MethodCard(method));
    this.#list.replaceChildren(...this.#cards.map(({ element }) => element));
    for (const { canvas } of this.#cards) this.#listen(canvas);
  }

  #readOut(): void {
    this.#cards.forEach((card, i) => {
      const { height, width } = this.#data ?? { height: 1, width: 1 };
      const map = this.#data?.methods[i]?.map ?? [];
      if (this.#cursor === null) return card.point(null, [height, width], "point at a pixel");
      const { row, column } = this.#cursor;
      const value = map[row * width + column] ?? 0;
      card.point(this.#cursor, [height, width], `row ${row + 1}, column ${column + 1}: ${signed(value)}`);
    });
  }

  #set(cursor: Cursor | null): void {
    this.cursor = cursor;
    this.fire("cursor", cursor);
  }

  #listen(canvas: HTMLCanvasElement): void {
    const within = (n: number, size: number) => Math.min(size - 1, Math.max(0, Math.floor(n)));
    const { height, width } = this.#data ?? { height: 1, width: 1 };
    const point = (event: PointerEvent) => {
      const box = canvas.getBoundingClientRect();
      this.#set({
        row: within(((event.clientY - box.top) / box.height) * height, height),
        column: within(((event.clientX - box.left) / box.width) * width, width),
      });
    };
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerdown", point);
    canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.#set(null));
    canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && this.#set(this.#home));
    canvas.addEventListener("blur", () => this.#set(null));
    canvas.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const { row, column } = this.#cursor ?? this.#home;
      this.#set({ row: within(row + step[0], height), column: within(column + step[1], width) });
    });
  }
}

definePart("pellucid-method-strip", PellucidMethodStrip);
