import type { Compiled } from "./compile.ts";

/** A step as it is, or compiled. */
export interface MaybeCompiled<Inputs extends readonly unknown[], Result> {
  (...inputs: Inputs): Result;
  dispose?(): void;
}

/** A step, ready to be called: compiled if that is asked for. `compile` is loaded then, so that who does not compile has none of it. */
export async function compiledIf<Inputs extends readonly unknown[], Result>(
  compiles: boolean | undefined,
  step: (...inputs: Inputs) => Result,
): Promise<MaybeCompiled<Inputs, Result>> {
  if (compiles !== true) return step;
  const { compile } = await import("./compile.ts");
  const compiled: Compiled<Inputs, Result> = compile(step);
  await compiled.ready;
  return compiled;
}
