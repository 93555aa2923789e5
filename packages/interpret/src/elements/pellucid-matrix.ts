import type { Tensor } from "@tensorflow/tfjs-core";
import { matrix, type MatrixOptions } from "../draw/matrix.ts";
import { readValues, type Values } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-matrix>`: `data` is `[row, column]`. */
export class PellucidMatrix extends DrawnElement<Tensor | Values, MatrixOptions, Values> {
  protected override read(data: Tensor | Values): Promise<Values> {
    return readValues(data);
  }

  protected override draw(data: Values, options: Untitled<MatrixOptions> & DrawingOptions): HTMLElement {
    return matrix(data, options);
  }
}
