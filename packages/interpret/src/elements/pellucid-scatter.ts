import type { Tensor } from "@tensorflow/tfjs-core";
import { scatter, type ScatterOptions } from "../draw/scatter.ts";
import { readValues, type Values } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-scatter>`: `data` is `[point, 2]`. */
export class PellucidScatter extends DrawnElement<Tensor | Values, ScatterOptions, Values> {
  protected override read(data: Tensor | Values): Promise<Values> {
    return readValues(data);
  }

  protected override draw(data: Values, options: Untitled<ScatterOptions> & DrawingOptions): HTMLElement {
    return scatter(data, options);
  }
}
