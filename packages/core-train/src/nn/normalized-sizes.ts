import { checkSizes } from "../check-values.ts";

/**
 * The sizes of the last axes that a norm is taken over.
 *
 * @throws {OptionError} Unless they are integers of at least 1.
 */
export function normalizedSizes(
  caller: string,
  normalizedShape: number | readonly number[],
): readonly number[] {
  const sizes = [normalizedShape].flat();
  if (sizes.length === 0) checkSizes(caller, { normalizedShape });
  for (const size of sizes) checkSizes(caller, { normalizedShape: size });
  return sizes;
}
