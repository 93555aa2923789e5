import { histogramChart } from "../draw/histogram-chart.ts";
import type { Histogram } from "../inside/histogram.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-histogram>`: `data` is the result of `histogram`. */
export class PellucidHistogram extends DrawnElement<Histogram, DrawingOptions> {
  protected override read(data: Histogram): Histogram {
    return data;
  }

  protected override draw(data: Histogram, options: Untitled<DrawingOptions> & DrawingOptions): HTMLElement {
    return histogramChart(data, options);
  }
}
