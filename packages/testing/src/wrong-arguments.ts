import { Rng } from "@pellucid/core-train";

/**
 * The arguments of a constructor with one wrong value: each number in turn NaN, negative, fractional or a text, each text unknown,
 * each random generator missing, and the options missing that have one.
 */
export function* wrongArguments(args: readonly unknown[]): Generator<unknown[]> {
  for (const [i, arg] of args.entries()) {
    for (const wrong of wrongValues(arg)) yield args.with(i, wrong);
    if (isRecord(arg) && arg["rng"] instanceof Rng) yield args.slice(0, i);
  }
}

function* wrongValues(value: unknown): Generator<unknown> {
  if (typeof value === "number") yield* [Number.NaN, -1, 1.5, `${value}`];
  else if (typeof value === "string") yield "bogus";
  else if (value instanceof Rng) yield undefined;
  else if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      for (const wrong of wrongValues(item)) yield value.with(i, wrong);
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value))
      for (const wrong of wrongValues(item)) yield { ...value, [key]: wrong };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
