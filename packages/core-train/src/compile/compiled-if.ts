import { checkFunction } from "../check-callable.ts";
import type { Compiled } from "./compile.ts";

/** A step as it is, or compiled: see {@link compiledIf}. */
export interface MaybeCompiled<Inputs extends readonly unknown[], Result> {
  (...inputs: Inputs): Result;
  dispose?(): void;
}

/**
 * A step, ready to be called: as by {@link compile} if that is asked for. `compile` is loaded then, so that a page that does not compile has none of it.
 *
 * ```ts
 * const learn = await compiledIf(options.compile, (x: Tensor2D, y: Tensor1D) => trainStep(model, optimizer, () => crossEntropy(model.forward(x), y)));
 * ```
 */
export async function compiledIf<Inputs extends readonly unknown[], Result>(
  compiles: boolean | undefined,
  step: (...inputs: Inputs) => Result,
): Promise<MaybeCompiled<Inputs, Result>> {
  checkFunction("compiledIf", "step", step);
  if (compiles !== true) return step;
  const { compile } = await import("./compile.ts");
  const compiled: Compiled<Inputs, Result> = compile(step);
  await compiled.ready;
  return compiled;
}
