import { checkArguments, OptionError } from "@pellucid/core-train";

/** A relation by the types of its ends: `["author", "writes", "paper"]`. */
export type RelationType = readonly [source: string, relation: string, target: string];

/** The name of a relation in records, as PyG joins it: `author__writes__paper`. */
export function relationName(type: RelationType): string {
  checkArguments("relationName", { "text[]": { type } });
  return type.join("__");
}

/**
 * The three names that {@link relationName} joined.
 *
 * @throws OptionError for a name that is not `source__name__target`
 */
export function relationParts(caller: string, joined: string): RelationType {
  const parts = joined.split("__");
  if (parts.length !== 3 || parts.includes(""))
    throw new OptionError(
      caller,
      "a relation",
      `"${joined}"`,
      'source__name__target, such as "author__writes__paper"',
    );
  return parts as unknown as RelationType;
}
