import { found } from "./check-tensor.ts";
import { StructError } from "./struct/struct-error.ts";

/**
 * Throws a {@link StructError} unless `x` is a record that has `fields`, which are checked no further: for functions and layers that take one record.
 *
 * ```ts
 * checkRecord("ArcFace", "the input", input, ["embeddings", "labels"]);
 * ```
 */
export function checkRecord(caller: string, name: string, x: unknown, fields: readonly string[]): void {
  const expected = `a record { ${fields.join(", ")} }`;
  if (typeof x !== "object" || x === null || Array.isArray(x))
    throw new StructError(`${caller}: ${name} is ${found(x)}, expected ${expected}.`);
  const missing = fields.find((field) => (x as Record<string, unknown>)[field] === undefined);
  if (missing !== undefined)
    throw new StructError(`${caller}: ${name} is ${found(x)} without ${missing}, expected ${expected}.`);
}
