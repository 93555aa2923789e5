import { Tensor } from "@tensorflow/tfjs-core";
import { Module } from "../module/module.ts";
import { Optimizer } from "../optim/optimizer.ts";
import { OptionError } from "../option-error.ts";
import { isStateful } from "./stateful.ts";

/**
 * Throws for parts that are not a record of names, such as a model that is not in one.
 *
 * @throws {OptionError}
 */
export function checkPartsRecord(caller: string, option: string, parts: unknown): void {
  const isPart =
    parts instanceof Module || parts instanceof Optimizer || parts instanceof Tensor || isStateful(parts);
  if (typeof parts === "object" && parts !== null && !isPart && !isList(parts)) return;
  const found = typeof parts === "object" && parts !== null ? `a ${parts.constructor.name}` : parts;
  throw new OptionError(caller, option, found, "a record of parts by name: { model, optimizer, rng }");
}

function isList(parts: object): boolean {
  return (
    Array.isArray(parts) || ArrayBuffer.isView(parts) || parts instanceof Map || parts instanceof Promise
  );
}
