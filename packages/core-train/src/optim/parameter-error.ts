import { didYouMean } from "../did-you-mean.ts";
import type { ByPath } from "../module/freeze.ts";

/** A gradient of a parameter that an optimizer does not have, or has in two groups, or an optimizer without parameters. */
export class ParameterError extends RangeError {
  override readonly name = "ParameterError";
}

/** The error for a gradient of something that is not a parameter. */
export function unknownParameter(path: string, known: ByPath<unknown>): ParameterError {
  const paths = Object.keys(known);
  const some = paths.slice(0, 5).join(", ") + (paths.length > 5 ? `, … (${paths.length})` : "");
  return new ParameterError(
    `Optimizer: there is a gradient of ${path}, which is not one of its parameters${didYouMean(path, paths, `: ${some}.`)} ` +
      "Give an optimizer all parameters when you construct it.",
  );
}
