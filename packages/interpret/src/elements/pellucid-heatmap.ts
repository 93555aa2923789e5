import type { Tensor } from "@tensorflow/tfjs-core";
import { heatmap, type HeatmapOptions } from "../draw/heatmap.ts";
import { readValues, type Values } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-heatmap>`: `data` is `[height, width]`, on the host or on a graphics card. */
export class PellucidHeatmap extends DrawnElement<Tensor | Values, HeatmapOptions, Values> {
  protected override read(data: Tensor | Values): Promise<Values> {
    return readValues(data);
  }

  protected override draw(data: Values, options: Untitled<HeatmapOptions> & DrawingOptions): HTMLElement {
    return heatmap(data, options);
  }
}
