import { Rng } from "@pellucid/core-train";
import { TorchExportError } from "./torch-export-error.ts";

const drawing = [
  "bernoulli",
  "exponential",
  "int64",
  "normal",
  "rand",
  "randint",
  "randn",
  "randperm",
  "uint32",
  "uniform",
] as const;

/**
 * Runs `body`, in which nothing may be drawn: in a trace a random number would be one number for all runs.
 *
 * @throws {TorchExportError} If something is drawn; the error names the module.
 */
export function refuseDraws<Y>(body: () => Y): Y {
  const own = Object.fromEntries(drawing.map((name) => [name, Rng.prototype[name]]));
  const refuse = (): never => {
    throw new TorchExportError(
      "toTorch: random numbers are drawn in evaluation, which source from a trace cannot do; make them an input",
    );
  };
  Object.assign(Rng.prototype, Object.fromEntries(drawing.map((name) => [name, refuse])));
  try {
    return body();
  } finally {
    Object.assign(Rng.prototype, own);
  }
}
