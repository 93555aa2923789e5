import {
  type GradConfig,
  type Tensor,
  ArgMax,
  ArgMin,
  Equal,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  LogicalAnd,
  LogicalNot,
  LogicalOr,
  NotEqual,
  registerGradient,
  zerosLike,
} from "@tensorflow/tfjs-core";

/**
 * Gives comparisons and logic the gradient they have almost everywhere: zero. Without it, `where(greater(x, 0), …)`
 * throws under a gradient tape.
 */
export function registerZeroGradients(): void {
  const binary = [Equal, NotEqual, Greater, GreaterEqual, Less, LessEqual, LogicalAnd, LogicalOr];
  for (const kernelName of binary) registerGradient(zeroGradient(kernelName, ["a", "b"]));
  for (const kernelName of [LogicalNot, ArgMax, ArgMin]) registerGradient(zeroGradient(kernelName, ["x"]));
}

function zeroGradient(kernelName: string, inputsToSave: string[]): GradConfig {
  return {
    kernelName,
    inputsToSave,
    gradFunc: (_, saved: Tensor[]) =>
      Object.fromEntries(inputsToSave.map((name, i) => [name, () => zerosLike(saved[i] as Tensor)])),
  };
}
