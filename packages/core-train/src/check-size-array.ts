import { found } from "./check-tensor.ts";
import { checkSizes } from "./check-values.ts";
import { OptionError } from "./option-error.ts";

/**
 * Throws an {@link OptionError} unless `sizes` is an array of integers of at least `least`.
 *
 * ```ts
 * checkSizeArray("ResNet", "layers", layers, 4); // blocks of each of the four stages
 * ```
 *
 * @param count how many there have to be. Default: any number but 0.
 */
export function checkSizeArray(
  caller: string,
  name: string,
  sizes: unknown,
  count?: number,
  least = 1,
): void {
  if (!Array.isArray(sizes) || (count === undefined ? sizes.length === 0 : sizes.length !== count))
    throw new OptionError(caller, name, listed(sizes), `an array of ${count ?? "one or more"} integers`);
  checkSizes(caller, Object.fromEntries(sizes.map((size, i) => [`${name}[${i}]`, size])), least);
}

function listed(sizes: unknown): string {
  return Array.isArray(sizes) && sizes.length > 0 ? `an array of ${sizes.length}` : found(sizes);
}
