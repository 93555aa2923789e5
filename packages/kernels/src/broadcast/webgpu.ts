import { engine, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

const names: readonly string[] = [
  "Add",
  "Atan2",
  "Equal",
  "FloorDiv",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "LogicalAnd",
  "LogicalOr",
  "Maximum",
  "Minimum",
  "Mod",
  "Multiply",
  "NotEqual",
  "Pow",
  "Prelu",
  "RealDiv",
  "SquaredDifference",
  "Sub",
];

/** tfjs' own have a shader that does not compile where something of a lower rank is broadcast to rank 5 or 6. */
export const broadcast: readonly ComposedKernel[] = names.map((name) =>
  defineComposedKernel<Record<string, Tensor>>(name, (inputs) => {
    const tensors = Object.values(inputs);
    const rank = Math.max(...tensors.map((x) => x.rank));
    if (rank < 5 || tensors.every((x) => x.rank === rank)) return null;
    const full = Object.entries(inputs).map(([key, x]) => {
      const ones = new Array<number>(rank - x.rank).fill(1);
      return [key, reshape(x, [...ones, ...x.shape])] as const;
    });
    return engine().runKernel(name, Object.fromEntries(full)) as Tensor;
  }),
);
