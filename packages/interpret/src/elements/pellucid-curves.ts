import { curves, type CurvesOptions } from "../draw/curves.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** Series of numbers by name. */
export type CurvesData = Readonly<Record<string, ArrayLike<number>>>;

/** `<pellucid-curves>`: `data` is series of numbers by name. */
export class PellucidCurves extends DrawnElement<CurvesData, CurvesOptions> {
  protected override read(data: CurvesData): CurvesData {
    return data;
  }

  protected override draw(data: CurvesData, options: Untitled<CurvesOptions> & DrawingOptions): HTMLElement {
    return curves(data, options);
  }
}
