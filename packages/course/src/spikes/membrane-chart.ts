import { short } from "@pellucid/interpret/parts/number-text";
import { lineChart } from "../frame/line-chart.ts";

/** The membrane of one neuron over time, and its threshold. */
export function membraneChart(values: readonly number[], threshold: number): HTMLElement {
  return lineChart({
    x: values.map((_, t) => t + 1),
    lines: [
      { name: "membrane", values, color: "ink" },
      { name: "threshold", values: values.map(() => threshold), color: "plus" },
    ],
    xLabel: "time step",
    yLabel: "membrane",
    text: (v) => short(v, 1),
    range: [Math.min(0, ...values), Math.max(1.2 * threshold, ...values)],
  });
}
