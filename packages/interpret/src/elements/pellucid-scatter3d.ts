import type { Tensor } from "@tensorflow/tfjs-core";
import { scatter3d, type Scatter3dOptions } from "../draw/scatter3d.ts";
import { readValues, type Values } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-scatter3d>`: `data` is `[point, 3]`. */
export class PellucidScatter3d extends DrawnElement<Tensor | Values, Scatter3dOptions, Values> {
  protected override read(data: Tensor | Values): Promise<Values> {
    return readValues(data);
  }

  protected override draw(data: Values, options: Untitled<Scatter3dOptions> & DrawingOptions): HTMLElement {
    return scatter3d(data, options);
  }
}
