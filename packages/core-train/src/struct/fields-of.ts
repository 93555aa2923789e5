import { Tensor } from "@tensorflow/tfjs-core";
import { StructError } from "./struct-error.ts";

/** Whether `x` is a record or an instance of a user's class, whose fields are looked into. */
export function isRecord(x: unknown): x is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(x) === "[object Object]" && !(x instanceof Tensor);
}

/**
 * The fields of a list, a record or a class instance; `null` for a host value.
 *
 * @param name of `x`, for the error
 * @throws StructError for what a structure cannot hold
 */
export function fieldsOf(
  x: unknown,
  name: string,
): readonly (readonly [name: string, field: unknown])[] | null {
  if (Array.isArray(x) || isRecord(x)) return Object.entries(x);
  if (typeof x === "function" || typeof x === "symbol") throw refused(name, `a ${typeof x}`);
  if (x instanceof Map || x instanceof Set || x instanceof Promise)
    throw refused(name, `a ${x.constructor.name}`);
  return null;
}

/** A list or record like `x`, of the same class, with other values in its fields. */
export function withFields(
  x: unknown,
  fields: readonly (readonly [name: string, field: unknown])[],
): unknown {
  if (Array.isArray(x)) return fields.map(([, field]) => field);
  const record = Object.fromEntries(fields);
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype ? record : Object.assign(Object.create(prototype as object), record);
}

function refused(name: string, what: string): StructError {
  return new StructError(
    `${name} is ${what}, expected a tensor, a host value (a number, string, boolean or typed array), or a list or record of such.`,
  );
}
