import { lineChart } from "../frame/line-chart.ts";

/** How wrong a memory was before each pair, the mean of the last six. */
export function errorChart(error: readonly number[]): HTMLElement {
  const smooth = error.map((_, t) => {
    const last = error.slice(Math.max(0, t - 5), t + 1);
    return last.reduce((a, b) => a + b, 0) / last.length;
  });
  return lineChart({
    x: smooth.map((_, t) => t + 2),
    lines: [{ name: "its error", values: smooth, color: "ink" }],
    xLabel: "pair",
    yLabel: "error before a pair, mean of six",
    text: (v) => v.toFixed(1),
    range: [0, Math.max(2, ...smooth)],
  });
}
