import { checkChoice, silu } from "@pellucid/core-train";
import { clone, type Tensor, zerosLike } from "@tensorflow/tfjs-core";

/** What an edge adds to its spline, by pykan's names: `x · sigmoid(x)`, `x`, or nothing. */
export type BaseFunction = "silu" | "identity" | "zero";

const functions: Readonly<Record<BaseFunction, <X extends Tensor>(x: X) => X>> = {
  silu,
  identity: clone,
  zero: zerosLike,
};

/** The function of a name. */
export function baseFunction(caller: string, name: BaseFunction): <X extends Tensor>(x: X) => X {
  checkChoice(caller, "baseFun", name, ["silu", "identity", "zero"]);
  return functions[name];
}
