import { short } from "@pellucid/interpret/parts/number-text";
import { svg } from "../../../interpret/src/draw/element-of.ts";

const [width, height, ground, scale] = [560, 240, 190, 105];

/** The cart, its pole, the ends of the track, and an arrow for the push. */
export class CartView {
  readonly element = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "cart-view", role: "img" });

  show([position = 0, , angle = 0]: readonly number[], pushesRight: boolean, isOver: boolean): void {
    const x = width / 2 + scale * position;
    const [tipX, tipY] = [x + 110 * Math.sin(angle), ground - 22 - 110 * Math.cos(angle)];
    const side = pushesRight ? 1 : -1;
    const arrow = `M${x + side * 34} ${ground - 11}h${side * 26}m${-side * 8} -6l${side * 8} 6l${-side * 8} 6`;
    const limit = (end: number) =>
      svg("path", { class: "limit", d: `M${width / 2 + end * 2.4 * scale} ${ground + 12}v-26` });
    this.element.setAttribute(
      "aria-label",
      `Cart at ${short(position)} m, pole at ${short((180 * angle) / Math.PI, 1)}°${isOver ? ", over" : `, pushed to the ${pushesRight ? "right" : "left"}`}`,
    );
    this.element.replaceChildren(
      svg("path", { class: "track", d: `M0 ${ground + 6}H${width}` }),
      limit(-1),
      limit(1),
      svg("rect", { class: "cart", x: x - 28, y: ground - 22, width: 56, height: 22, rx: 5 }),
      svg("circle", { class: "wheel", cx: x - 15, cy: ground + 1, r: 5 }),
      svg("circle", { class: "wheel", cx: x + 15, cy: ground + 1, r: 5 }),
      svg("path", {
        class: "pole",
        d: `M${x.toFixed(1)} ${ground - 22}L${tipX.toFixed(1)} ${tipY.toFixed(1)}`,
      }),
      svg("circle", { class: "hinge", cx: x, cy: ground - 22, r: 4 }),
      ...(isOver ? [] : [svg("path", { class: pushesRight ? "push right" : "push left", d: arrow })]),
    );
  }
}
