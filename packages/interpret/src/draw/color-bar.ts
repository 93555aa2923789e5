import { colorTable } from "./color-map.ts";
import type { ColorScale } from "./color-scale.ts";
import { html } from "./element-of.ts";
import { keepColors } from "./keep-colors.ts";
import { short } from "./short.ts";

/** The colors of a scale from left to right with its numbers below. */
export function colorBar({ low, high, colors, signed }: ColorScale): HTMLElement {
  const table = colorTable(colors);
  const stops = Array.from(
    { length: 17 },
    (_, i) => `rgb(${(table[Math.round((i / 16) * 255)] as readonly number[]).join(" ")})`,
  );
  const ticks = signed ? [low, 0, high] : [low, (low + high) / 2, high];
  return html(
    "div",
    {
      role: "img",
      "aria-label": `Colors from ${short(low)} to ${short(high)}`,
      style: "margin-top:6px;min-width:120px",
    },
    html("div", {
      style: `${keepColors}height:10px;border:1px solid #8888;background:linear-gradient(to right,${stops.join(",")})`,
    }),
    html(
      "div",
      {
        style: "display:flex;justify-content:space-between;font-size:12px;font-variant-numeric:tabular-nums",
      },
      ...ticks.map((tick) => html("span", {}, short(tick))),
    ),
  );
}
