import type { Histogram } from "../inside/histogram.ts";
import { chart } from "./chart.ts";
import { svg } from "./element-of.ts";
import { type DrawingOptions, figure } from "./figure.ts";
import { html } from "./element-of.ts";
import { short } from "./short.ts";

/** A histogram's counts as bars, with what is in no bin said below. */
export function histogramChart(counted: Histogram, options: DrawingOptions): HTMLElement {
  const { edges, counts, mean, deviation, zeros, notANumber, infinite } = counted;
  const most = counts.reduce((most, count) => Math.max(most, count), 1);
  const { picture, x, y } = chart(
    options.title,
    [edges[0] ?? NaN, edges.at(-1) ?? NaN],
    [0, most],
    "value",
    "how many",
  );
  counts.forEach((count, i) => {
    const [from, to] = [x(edges[i] ?? NaN), x(edges[i + 1] ?? NaN)];
    picture.append(
      svg("rect", {
        x: from,
        width: Math.max(0, to - from - 0.5),
        y: y(count),
        height: y(0) - y(count),
        fill: "#0072b2",
      }),
    );
  });
  const lost = notANumber + infinite === 0 ? "" : `; ${notANumber} not a number, ${infinite} infinite`;
  return figure(
    options,
    picture,
    counted,
    () => ({
      columns: ["from", "to", "how many"],
      rows: Array.from(counts, (count, i) => [
        short(edges[i] ?? NaN),
        short(edges[i + 1] ?? NaN),
        String(count),
      ]),
    }),
    html("small", {}, `mean ${short(mean)}, deviation ${short(deviation)}, ${zeros} zeros${lost}`),
  );
}
