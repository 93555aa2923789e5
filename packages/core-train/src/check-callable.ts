import { found } from "./check-tensor.ts";
import { StructError } from "./struct/struct-error.ts";

/** Throws a {@link StructError} unless `f` is a function. */
export function checkFunction(caller: string, name: string, f: unknown): void {
  if (typeof f !== "function")
    throw new StructError(`${caller}: ${name} is ${found(f)}, expected a function.`);
}

/** Throws a {@link StructError} unless `model` is a module: it has parameters, buffers and modules. */
export function checkModule(caller: string, model: unknown): void {
  const { slots, namedModules } = Object(model) as { slots?: unknown; namedModules?: unknown };
  if (typeof slots !== "function" || typeof namedModules !== "function")
    throw new StructError(`${caller}: the model is ${found(model)}, expected a module.`);
}
