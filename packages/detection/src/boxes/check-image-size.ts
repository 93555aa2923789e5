import { checkArguments, OptionError } from "@pellucid/core-train";

/** Throws a `StructError` unless `size` is an array of numbers, and an `OptionError` unless it is a height and a width. */
export function checkImageSize(
  caller: string,
  name: string,
  size: readonly [height: number, width: number],
): void {
  const numbers: readonly number[] = size;
  checkArguments(caller, { numbers: { [name]: numbers } });
  if (numbers.length !== 2) throw new OptionError(caller, name, `[${numbers.join(", ")}]`, "[height, width]");
}
