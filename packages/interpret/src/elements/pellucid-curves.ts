import { curves, type CurvesOptions } from "../draw/curves.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-curves>`: `data` is series of numbers by name. */
export class PellucidCurves extends DrawnElement<Readonly<Record<string, ArrayLike<number>>>, CurvesOptions> {
  protected override draw(
    data: Readonly<Record<string, ArrayLike<number>>>,
    options: Untitled<CurvesOptions> & DrawingOptions,
  ): HTMLElement {
    return curves(data, options);
  }
}
