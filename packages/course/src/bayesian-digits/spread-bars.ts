import { percent } from "@pellucid/interpret/parts/number-text";
import { html, svg } from "../../../interpret/src/draw/element-of.ts";

/** What several networks say of ten classes. */
export interface Spread {
  /** `[sample]`, ten probabilities each. */
  readonly each: readonly ArrayLike<number>[];
  readonly mean: ArrayLike<number>;
  /** The classes that the set contains. */
  readonly set: readonly number[];
}

const [width, row, left, right] = [420, 29, 26, 96];

/** A row for each class: a dot for what each draw of the weights says, a bar for their mean, and whether the class is in the set. */
export function spreadBars({ each, mean, set }: Spread): HTMLElement {
  const across = (p: number) => left + (width - left - right) * p;
  const lines = Array.from({ length: 10 }, (_, c) => {
    const y = row * c + row / 2;
    const p = mean[c] ?? 0;
    const isIn = set.includes(c);
    return [
      svg("rect", { class: "track", x: left, y: y - 7, width: width - left - right, height: 14, rx: 4 }),
      svg("path", { class: "mean", d: `M${left} ${y}H${across(p).toFixed(1)}` }),
      ...each.map((probabilities, s) =>
        svg("circle", {
          class: "draw",
          cx: across(probabilities[c] ?? 0).toFixed(1),
          cy: (y + 4 * Math.sin(12.9 * (s + 1))).toFixed(1),
          r: 2.4,
        }),
      ),
      svg("text", { x: left - 8, y: y + 5, "text-anchor": "end", class: isIn ? "in" : "" }, String(c)),
      svg(
        "text",
        { x: width - right + 8, y: y + 5, class: isIn ? "in" : "" },
        `${percent(p)}${isIn ? "  ✓" : ""}`,
      ),
    ];
  }).flat();
  const inSet = set.length === 0 ? "none" : set.join(", ");
  return html(
    "figure",
    { class: "spread" },
    svg(
      "svg",
      {
        viewBox: `0 0 ${width} ${10 * row}`,
        role: "img",
        "aria-label": `Mean probability of each class: ${Array.from(mean, (p, c) => `${c} ${percent(p)}`).join(", ")}. In the set: ${inSet}.`,
      },
      ...lines,
    ),
  );
}
