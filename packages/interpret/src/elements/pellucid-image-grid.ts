import type { Tensor } from "@tensorflow/tfjs-core";
import { imageGrid, type ImageGridOptions } from "../draw/image-grid.ts";
import { readValues, type Values } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-image-grid>`: `data` is `[map, height, width]`. */
export class PellucidImageGrid extends DrawnElement<Tensor | Values, ImageGridOptions> {
  protected override async draw(
    data: Tensor | Values,
    options: Untitled<ImageGridOptions> & DrawingOptions,
  ): Promise<HTMLElement> {
    return imageGrid(await readValues(data), options);
  }
}
