import { TfjsError } from "./tfjs-error.ts";

/** An object of a JSON file. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** The value as an object of JSON. */
export function recordOf(value: unknown, what: string): JsonRecord {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonRecord;
  throw new TfjsError(`fromTfjs: ${what} is ${show(value)}, expected an object.`);
}

/** The value as a list of JSON. */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new TfjsError(`fromTfjs: ${what} is ${show(value)}, expected a list.`);
}

/** The value as a text of JSON. */
export function textOf(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw new TfjsError(`fromTfjs: ${what} is ${show(value)}, expected a text.`);
}

/** A value in an error, cut off where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
