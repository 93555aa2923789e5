import { ShapeError } from "@pellucid/core-train";

/** Throws a {@link ShapeError} unless all lists have a length. */
export function checkSameLength(
  caller: string,
  lists: Readonly<Record<string, ArrayLike<unknown>>>,
  length: number,
): void {
  for (const [name, list] of Object.entries(lists))
    if (list.length !== length)
      throw new ShapeError(`${caller}: ${name} has ${list.length} entries, expected ${length}.`);
}
