import { overlay, type OverlayOptions } from "../draw/overlay.ts";
import type { Pictured, PicturedValues } from "./pictured.ts";
import { readValues } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-overlay>`: a map `[rows, columns]` over an image `[height, width, color]` from 0 to 1. */
export class PellucidOverlay extends DrawnElement<Pictured, OverlayOptions, PicturedValues> {
  protected override async read({ image, map }: Pictured): Promise<PicturedValues> {
    const [readImage, readMap] = await Promise.all([readValues(image), readValues(map)]);
    return { image: readImage, map: readMap };
  }

  protected override draw(
    { image, map }: PicturedValues,
    options: Untitled<OverlayOptions> & DrawingOptions,
  ): HTMLElement {
    return overlay(image, map, options);
  }
}
