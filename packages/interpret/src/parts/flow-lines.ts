import { svg } from "../draw/element-of.ts";

/** Where something is, relative to the picture. */
export interface Spread {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: number;
  readonly y: number;
}

/** Where elements are within `base`. */
export function measure(base: DOMRect, elements: Iterable<Element>): Map<Element, Spread> {
  return new Map(
    Array.from(elements, (element): [Element, Spread] => {
      const box = element.getBoundingClientRect();
      const [left, top] = [box.left - base.left, box.top - base.top];
      const [right, bottom] = [left + box.width, top + box.height];
      return [element, { left, right, top, bottom, x: left + box.width / 2, y: top + box.height / 2 }];
    }),
  );
}

/** A curve from one element to another: to the right, or downwards. */
export function curve(from: Spread | undefined, to: Spread | undefined, upright: boolean): string {
  if (from === undefined || to === undefined) return "";
  const n = (value: number) => value.toFixed(1);
  if (upright) {
    const half = (to.top - from.bottom) / 2;
    return `M${n(from.x)} ${n(from.bottom)}C${n(from.x)} ${n(from.bottom + half)} ${n(to.x)} ${n(to.top - half)} ${n(to.x)} ${n(to.top)}`;
  }
  const half = (to.left - from.right) / 2;
  return `M${n(from.right)} ${n(from.y)}C${n(from.right + half)} ${n(from.y)} ${n(to.left - half)} ${n(to.y)} ${n(to.left)} ${n(to.y)}`;
}

/** A line whose color is the sign of its part, and whose width and strength are the size of it. */
export function signedLine(d: string, part: number, most: number): SVGElement {
  const share = Math.min(1, Math.abs(part) / (most || 1));
  return svg("path", {
    d,
    class: part < 0 ? "minus" : "plus",
    "stroke-width": (0.6 + 4.4 * share).toFixed(2),
    "stroke-opacity": (0.12 + 0.78 * share).toFixed(2),
  });
}

/** Changes the lines of a picture in place, so that what moves along them does not start anew. */
export function keepLines(picture: SVGElement, lines: readonly SVGElement[]): void {
  while (picture.childElementCount > lines.length) picture.lastElementChild?.remove();
  lines.forEach((line, i) => {
    const old = picture.children[i];
    if (old === undefined) picture.append(line);
    else
      for (const { name, value } of line.attributes)
        if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  });
}
