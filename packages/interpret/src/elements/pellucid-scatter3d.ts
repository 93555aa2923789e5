import type { Tensor } from "@tensorflow/tfjs-core";
import { scatter3d, type Scatter3dOptions } from "../draw/scatter3d.ts";
import { readValues, type Values } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-scatter3d>`: `data` is `[point, 3]`. */
export class PellucidScatter3d extends DrawnElement<Tensor | Values, Scatter3dOptions> {
  protected override async draw(
    data: Tensor | Values,
    options: Untitled<Scatter3dOptions> & DrawingOptions,
  ): Promise<HTMLElement> {
    return scatter3d(await readValues(data), options);
  }
}
