import { OptionError } from "@pellucid/core-train";

/**
 * The label of pixels that do not count: as given, or 255, PASCAL VOC's border, which torchvision's training ignores.
 *
 * @throws {OptionError} where 255 is a class, and none is given
 */
export function ignoredLabel(caller: string, classes: number, given?: number): number {
  if (given === undefined && classes > 255)
    throw new OptionError(
      caller,
      "ignoreIndex",
      "missing",
      `one, as 255 is among the ${classes} classes: -1 where all pixels count`,
    );
  return given ?? 255;
}
