import { found } from "./check-tensor.ts";
import { StructError } from "./struct/struct-error.ts";

/**
 * Throws a {@link StructError} unless `x` is a record that has `fields`, which are checked no further: for functions and layers that take one record.
 *
 * ```ts
 * checkRecord("ArcFace", "the input", input, ["embeddings", "labels"]);
 * ```
 */
export function checkRecord(caller: string, name: string, x: unknown, fields: readonly string[] = []): void {
  const isRecord = typeof x === "object" && x !== null && !Array.isArray(x);
  const missing = isRecord ? fields.find((field) => (x as Record<string, unknown>)[field] === undefined) : "";
  if (missing === undefined) return;
  const without = missing === "" ? "" : ` without ${missing}`;
  throw new StructError(
    `${caller}: ${name} is ${found(x)}${without}, expected a record { ${fields.join(", ")} }.`,
  );
}
