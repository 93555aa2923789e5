import { OptionError } from "@pellucid/core-train";

/**
 * The three names of a relation that {@link relationName} joined.
 *
 * @throws OptionError for a name that is not `source__name__target`
 */
export function relationParts(
  caller: string,
  joined: string,
): readonly [source: string, name: string, target: string] {
  const parts = joined.split("__");
  if (parts.length !== 3 || parts.includes(""))
    throw new OptionError(
      caller,
      "a relation",
      `"${joined}"`,
      'source__name__target, such as "author__writes__paper"',
    );
  return parts as [string, string, string];
}
