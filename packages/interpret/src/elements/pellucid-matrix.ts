import type { Tensor } from "@tensorflow/tfjs-core";
import { matrix, type MatrixOptions } from "../draw/matrix.ts";
import { readValues, type Values } from "../draw/values.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-matrix>`: `data` is `[row, column]`. */
export class PellucidMatrix extends DrawnElement<Tensor | Values, MatrixOptions> {
  protected override async draw(
    data: Tensor | Values,
    options: Untitled<MatrixOptions> & DrawingOptions,
  ): Promise<HTMLElement> {
    return matrix(await readValues(data), options);
  }
}
