import {
  All,
  Any,
  ArgMax,
  ArgMin,
  Equal,
  type GradConfig,
  Greater,
  GreaterEqual,
  IsFinite,
  IsInf,
  IsNan,
  Less,
  LessEqual,
  LogicalAnd,
  LogicalNot,
  LogicalOr,
  LogicalXor,
  NotEqual,
  registerGradient,
  type Tensor,
  zeros,
} from "@tensorflow/tfjs-core";

/**
 * Gives comparisons and logic the gradient they have almost everywhere: zero. Without it, `where(greater(x, 0), …)`
 * throws under a gradient tape.
 */
export function registerZeroGradients(): void {
  const binary = [Equal, NotEqual, Greater, GreaterEqual, Less, LessEqual, LogicalAnd, LogicalOr, LogicalXor];
  for (const kernelName of binary) registerGradient(zeroGradient(kernelName, ["a", "b"]));
  const unary = [LogicalNot, All, Any, IsNan, IsInf, IsFinite, ArgMax, ArgMin];
  for (const kernelName of unary) registerGradient(zeroGradient(kernelName, ["x"]));
}

function zeroGradient(kernelName: string, inputsToSave: string[]): GradConfig {
  return {
    kernelName,
    inputsToSave,
    gradFunc: (_, saved: Tensor[]) =>
      Object.fromEntries(inputsToSave.map((name, i) => [name, () => zeros((saved[i] as Tensor).shape)])),
  };
}
