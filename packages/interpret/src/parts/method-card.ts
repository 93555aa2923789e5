import { html, svg } from "../draw/element-of.ts";
import type { Cursor, MethodStripData } from "./method-strip.ts";
import { percent } from "./number-text.ts";
import { colorAt, type Grid, largest, paintInk, paintOver } from "./paint.ts";

/** An explanation and its deletion test. */
export interface StripMethod {
  readonly title: string;
  /** The question that it answers, in a sentence. */
  readonly asks: string;
  /** `[height, width]` */
  readonly map: ArrayLike<number>;
  /** The probability after each step of erasing the most important ink first. */
  readonly curve: ArrayLike<number>;
  /** How many random orders it beats. */
  readonly beats: number;
  /** A map that cannot know: it must fail. */
  readonly control?: boolean;
}

/** One method of a strip. */
export class MethodCard {
  readonly element: HTMLElement;
  readonly title: string;
  readonly canvas: HTMLCanvasElement;
  readonly #left: HTMLCanvasElement;
  readonly #cross = html("i", { class: "cross", hidden: "" });
  readonly #value = html("output", { class: "value" }, "point at a pixel");
  readonly #badge = html("p", { class: "badge" }, "testing …");
  readonly #says = html("p", { class: "says" }, "–");
  readonly #curve: SVGSVGElement;

  constructor({ title, asks, control = false }: StripMethod) {
    this.title = title;
    const label = `${title}. Arrow keys move the cursor on all maps.`;
    this.canvas = html("canvas", { tabindex: 0, role: "application", "aria-label": label });
    this.#left = html("canvas", { role: "img", "aria-label": `What is left of the picture by ${title}` });
    this.#curve = svg("svg", {
      viewBox: "0 0 100 44",
      class: "curve",
      role: "img",
      "aria-label": "Not tested yet",
    });
    this.#curve.setAttribute("preserveAspectRatio", "none");
    this.element = html(
      "article",
      { class: control ? "method control" : "method" },
      html("h3", {}, title),
      html("p", { class: "does" }, asks),
      html("div", { class: "framed" }, this.canvas, this.#cross),
      this.#value,
      html(
        "div",
        { class: "test" },
        html("div", { class: "framed left" }, this.#left),
        html("div", { class: "fall" }, this.#says, this.#curve),
      ),
      this.#badge,
    );
  }

  show({ ink, height, width, methods, random, orders }: MethodStripData, index: number, hide: number): void {
    const method = methods[index];
    if (method === undefined) return;
    const inks = [
      colorAt(this.element, "plus"),
      colorAt(this.element, "minus"),
      colorAt(this.element, "ink"),
    ] as const;
    paintOver(this.canvas, ink, { values: method.map, height, width }, largest(method.map), inks);
    const { curve, beats } = method;
    const mean = Array.from(curve).reduce((a, b) => a + b, 0) / Math.max(1, curve.length);
    const label = `Probability while ink is erased: ${percent(mean)} on average`;
    this.#curve.setAttribute("aria-label", label);
    this.#curve.replaceChildren(
      svg("path", { class: "floor", d: "M0 42H100" }),
      svg("path", { class: "random", d: lineOf(random) }),
      svg("path", { class: "area", d: `${lineOf(curve)}L100 42L0 42Z` }),
      svg("path", { class: "line", d: lineOf(curve) }),
      svg("path", { class: "now", d: "M0 0V44" }),
    );
    this.markAt(hide);
    const passed = beats === orders;
    this.#badge.className = `badge ${passed ? "passed" : "failed"}`;
    this.#badge.textContent = `${passed ? "Passes" : "Fails"}: ${beats} of ${orders}`;
  }

  markAt(hide: number): void {
    this.#curve.querySelector(".now")?.setAttribute("transform", `translate(${100 * hide} 0)`);
  }

  showLeft(picture: Grid, says: string): void {
    paintInk(this.#left, picture, colorAt(this.element, "ink"));
    this.#says.textContent = says;
  }

  point(cursor: Cursor | null, [height, width]: readonly [number, number], text: string): void {
    this.#cross.hidden = cursor === null;
    this.#value.textContent = text;
    this.#value.classList.toggle("idle", cursor === null);
    if (cursor === null) return;
    const at = (n: number, size: number) => `${(100 * n) / size}%`;
    this.#cross.style.cssText = `left:${at(cursor.column, width)};top:${at(cursor.row, height)};width:${at(1, width)};height:${at(1, height)}`;
  }
}

function lineOf(values: ArrayLike<number>): string {
  const last = Math.max(1, values.length - 1);
  return Array.from(
    values,
    (v, i) => `${i === 0 ? "M" : "L"}${((100 * i) / last).toFixed(1)} ${(42 - 40 * v).toFixed(1)}`,
  ).join("");
}
