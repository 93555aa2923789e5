import { checkSizes, OptionError } from "@pellucid/core-train";

/** Height and width of a scene to be made. @throws OptionError unless they are two integers above 0 */
export function heightAndWidth(
  caller: string,
  size: readonly [height: number, width: number],
): readonly [height: number, width: number] {
  const given: unknown = size;
  if (!Array.isArray(given) || given.length !== 2)
    throw new OptionError(caller, "size", typeof given, "[height, width]");
  const [height, width] = size;
  checkSizes(caller, { height, width });
  return size;
}
