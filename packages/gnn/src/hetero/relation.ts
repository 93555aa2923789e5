import { OptionError } from "@pellucid/core-train";

/** A type of edges: the type of their sources, their own name, and the type of their targets, joined as PyG joins them: `author___writes___paper`. */
export type Relation = `${string}___${string}___${string}`;

/**
 * Joins the three names of a relation.
 *
 * @throws OptionError for a name that is empty or has three underscores
 */
export function relation<Source extends string, Name extends string, Target extends string>(
  source: Source,
  name: Name,
  target: Target,
): `${Source}___${Name}___${Target}` {
  for (const part of [source, name, target])
    if (part === "" || part.includes("___"))
      throw new OptionError("relation", "a name", `"${part}"`, "a text without three underscores");
  return `${source}___${name}___${target}`;
}

/** The three names of a relation. */
export function relationParts(
  caller: string,
  joined: string,
): readonly [source: string, name: string, target: string] {
  const parts = joined.split("___");
  if (parts.length !== 3 || parts.includes(""))
    throw new OptionError(
      caller,
      "a relation",
      `"${joined}"`,
      'source___name___target, such as "author___writes___paper"',
    );
  return parts as [string, string, string];
}
