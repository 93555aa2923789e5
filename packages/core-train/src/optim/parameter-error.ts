import type { ByPath } from "../module/freeze.ts";

/** An optimizer met a parameter that it does not know, knows twice, or knows none. */
export class ParameterError extends RangeError {
  override readonly name = "ParameterError";
}

/** The error for a gradient of something that is no parameter. */
export function unknownParameter(path: string, known: ByPath<unknown>): ParameterError {
  const paths = Object.keys(known);
  const some = paths.slice(0, 5).join(", ") + (paths.length > 5 ? `, … (${paths.length})` : "");
  return new ParameterError(
    `Optimizer: gradients hold ${path}, which is no parameter of it; expected some of ${some}. ` +
      "Give the optimizer all parameters when it is made.",
  );
}
