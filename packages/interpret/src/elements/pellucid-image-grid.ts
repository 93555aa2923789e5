import type { Tensor } from "@tensorflow/tfjs-core";
import { imageGrid, type ImageGridOptions } from "../draw/image-grid.ts";
import { readValues, type Values } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-image-grid>`: `data` is `[map, height, width]`. */
export class PellucidImageGrid extends DrawnElement<Tensor | Values, ImageGridOptions, Values> {
  protected override read(data: Tensor | Values): Promise<Values> {
    return readValues(data);
  }

  protected override draw(data: Values, options: Untitled<ImageGridOptions> & DrawingOptions): HTMLElement {
    return imageGrid(data, options);
  }
}
