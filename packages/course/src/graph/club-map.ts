import { svg } from "../../../interpret/src/draw/element-of.ts";
import { pageStyle } from "../frame/page-style.ts";
import css from "./club-map.css?inline";
import type { Club, Pair } from "./program.ts";

/** The picture's size, its radii of members and of leaders: on a narrow screen it is less wide, so that numbers stay legible. */
const wide = { width: 640, height: 420, radius: 11, leader: 15 };
const narrow = { width: 360, height: 400, radius: 11, leader: 13 };
const isNarrow = matchMedia("(max-width: 480px)");

/** What is drawn of a club. */
export interface ClubView {
  readonly edges: readonly Pair[];
  /** The probability of side 1; at exactly 0.5 a member is of no side. */
  readonly probabilities: ArrayLike<number>;
  readonly node: number;
  /** The importance of an edge, from 0 to 1. */
  readonly strength: (edge: Pair) => number;
  /** What a member's name says to readers of the screen. Default: its side and how sure that is. */
  readonly label?: (node: number) => string;
}

/** The club as a picture: nodes are chosen by press or arrow keys, edges are cut by a press where they can be. */
export class ClubMap {
  readonly element: SVGSVGElement;
  readonly #club: Club;
  readonly #choose: (node: number) => void;
  readonly #cut: ((edge: Pair) => void) | null;

  constructor(club: Club, choose: (node: number) => void, cut: ((edge: Pair) => void) | null) {
    pageStyle(css);
    this.#club = club;
    this.#choose = choose;
    this.#cut = cut;
    this.element = svg("svg", {
      class: "club",
      role: "group",
      "aria-label": `The club: press a member to explain it${cut === null ? "" : ", a friendship to cut it"}`,
    });
  }

  show({ edges, probabilities, node, strength, label }: ClubView): void {
    const focused = Array.from(this.element.querySelectorAll(".node")).indexOf(
      document.activeElement ?? this.element,
    );
    const { width, height, radius, leader } = isNarrow.matches ? narrow : wide;
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const at = (i: number): readonly [number, number] => {
      const [x, y] = this.#club.positions[i] ?? [0, 0];
      return [width / 2 + 0.45 * width * x, height / 2 + 0.45 * height * y];
    };
    const lines = edges.map((edge) => {
      const [[x1, y1], [x2, y2]] = [at(edge[0]), at(edge[1])];
      const share = strength(edge);
      const cut = this.#cut;
      const line = svg("line", {
        x1,
        y1,
        x2,
        y2,
        class: share > 0 ? "edge lit" : "edge",
        "stroke-width": (1 + 7 * share).toFixed(1),
      });
      if (cut === null) return [line];
      const hit = svg("line", { x1, y1, x2, y2, class: "hit" });
      hit.addEventListener("click", () => cut(edge));
      return [line, hit];
    });
    const nodes = this.#club.sides.length;
    const circles = Array.from({ length: nodes }, (_, i) => {
      const [x, y] = at(i);
      const p = probabilities[i] ?? 0.5;
      const side = p > 0.5 ? "plus" : "minus";
      const known = p !== 0.5;
      const right = !known || (p > 0.5 ? 1 : 0) === this.#club.sides[i];
      const sure = known ? Math.round(100 * Math.min(1, 0.25 + 1.5 * Math.abs(p - 0.5))) : 0;
      const group = svg(
        "g",
        {
          class: i === node ? "node chosen" : "node",
          tabindex: i === node ? 0 : -1,
          role: "button",
          "aria-pressed": String(i === node),
          "aria-label":
            label?.(i) ??
            (known
              ? `Member ${i + 1}: side ${p > 0.5 ? 1 : 0} with ${Math.round(100 * Math.max(p, 1 - p))}%, ${right ? "right" : "wrong"}`
              : `Member ${i + 1}: no side yet`),
        },
        svg("circle", {
          cx: x,
          cy: y,
          r: i === 0 || i === 33 ? leader : radius,
          style: `fill: color-mix(in srgb, var(--${side}) ${sure}%, var(--surface))`,
        }),
        svg("text", { x, y: y + 4 }, right ? String(i + 1) : `${i + 1}✗`),
      );
      group.addEventListener("click", () => this.#choose(i));
      group.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Enter: 0, " ": 0 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        this.#choose((i + step + nodes) % nodes);
        requestAnimationFrame(() =>
          requestAnimationFrame(() => this.element.querySelector<SVGElement>(".chosen")?.focus()),
        );
      });
      return group;
    });
    this.element.replaceChildren(
      ...lines.flatMap((line) => line.slice(0, 1)),
      ...lines.flatMap((line) => line.slice(1)),
      ...circles,
    );
    this.element.querySelectorAll<SVGElement>(".node")[focused]?.focus();
  }
}
