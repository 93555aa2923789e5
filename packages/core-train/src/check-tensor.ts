import type { Tensor } from "@tensorflow/tfjs-core";
import { DtypeError } from "./dtype-error.ts";
import { StructError } from "./struct/struct-error.ts";

/**
 * Throws a {@link StructError} unless `x` is a tensor that still has its values, and a {@link DtypeError} for one of strings.
 *
 * @param caller the layer or function, with its sizes: `Linear(4, 2)`
 * @param expected its axes, where they are known: `[batch, feature]`
 */
export function checkTensor(caller: string, name: string, x: unknown, expected = ""): asserts x is Tensor {
  const { shape, dtype, isDisposed } = Object(x) as Partial<Tensor>;
  const wanted = expected === "" ? "a tensor" : `a tensor ${expected}`;
  if (!Array.isArray(shape) || typeof dtype !== "string")
    throw new StructError(`${caller}: ${name} is ${found(x)}, expected ${wanted}.`);
  if (isDisposed === true)
    throw new StructError(
      `${caller}: ${name} was disposed of, expected ${wanted}. Dispose of it after its last use; within tidy, keep it.`,
    );
  if (dtype === "string")
    throw new DtypeError(
      `${caller}: ${name} is a tensor of strings, expected ${wanted}. Turn the strings into numbers first.`,
    );
}

/** What came instead, in a few words. */
export function found(x: unknown): string {
  if (typeof x === "string") return JSON.stringify(x.length > 30 ? `${x.slice(0, 30)}…` : x);
  if (typeof x === "function") return x.name === "" ? "a function" : `the function ${x.name}`;
  if (typeof x !== "object" || x === null) return String(x);
  if (Array.isArray(x)) {
    if (x.length === 0) return "an empty array";
    const short = x.length <= 8 && x.every((each) => typeof each === "number" || typeof each === "string");
    return short ? `[${x.map(found).join(", ")}]` : "an array";
  }
  const kind = (x.constructor as { name?: string } | undefined)?.name ?? "Object";
  if (kind !== "Object") return `a ${kind}`;
  const names = Object.keys(x);
  return names.length === 0 ? "an empty record" : `a record of ${names.slice(0, 5).join(", ")}`;
}
