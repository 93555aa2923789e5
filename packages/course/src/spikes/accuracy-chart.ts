import { lineChart } from "../frame/line-chart.ts";

/** How many digits are read right after each time step, with the spikes as they are and with those of other neurons. */
export function accuracyChart(real: readonly number[], exchanged: readonly number[]): HTMLElement {
  return lineChart({
    x: real.map((_, t) => t + 1),
    lines: [
      { name: "as they are", values: real, color: "ink" },
      { name: "of others", values: exchanged, color: "minus" },
    ],
    xLabel: "time steps",
    yLabel: "read right",
    text: (v) => `${Math.round(100 * v)}%`,
  });
}
