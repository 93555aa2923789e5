import type { Tensor } from "@tensorflow/tfjs-core";
import { scatter, type ScatterOptions } from "../draw/scatter.ts";
import { readValues, type Values } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-scatter>`: `data` is `[point, 2]`. */
export class PellucidScatter extends DrawnElement<Tensor | Values, ScatterOptions> {
  protected override async draw(
    data: Tensor | Values,
    options: Untitled<ScatterOptions> & DrawingOptions,
  ): Promise<HTMLElement> {
    return scatter(await readValues(data), options);
  }
}
