import { overlay, type OverlayOptions } from "../draw/overlay.ts";
import type { Pictured } from "./pictured.ts";
import { readValues } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-overlay>`: a map `[rows, columns]` over an image `[height, width, color]` from 0 to 1. */
export class PellucidOverlay extends DrawnElement<Pictured, OverlayOptions> {
  protected override async draw(
    data: Pictured,
    options: Untitled<OverlayOptions> & DrawingOptions,
  ): Promise<HTMLElement> {
    const [image, map] = await Promise.all([readValues(data.image), readValues(data.map)]);
    return overlay(image, map, options);
  }
}
