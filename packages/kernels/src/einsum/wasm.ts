import { backend_util, Einsum, mul, reshape, sum, type Tensor, transpose } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

/** What tfjs' WASM backend has no kernel for at all: one product and one sum for each operand after the first. */
export const einsum: readonly ComposedKernel[] = [
  defineComposedKernel<Record<string, Tensor>, { readonly equation: string }>(
    Einsum,
    (inputs, { equation }) => {
      const operands = Object.values(inputs);
      const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, operands.length);
      backend_util.checkEinsumDimSizes(allDims.length, idDims, operands);
      const { path, steps } = backend_util.getEinsumComputePath(summedDims, idDims);
      let result: Tensor | undefined;
      for (const [i, step] of steps.entries()) {
        const rank = allDims.length - i;
        for (const id of step) {
          const operand = inAllDims(operands[id] as Tensor, rank, idDims[id] as number[]);
          result = result === undefined ? operand : mul(result, operand);
        }
        const dim = path[i];
        if (i < steps.length - 1 && dim !== undefined && dim >= 0) result = sum(result as Tensor, dim - i);
      }
      return result as Tensor;
    },
  ),
];

/** `operand` with an axis of each letter that is left, of length 1 where it has none. */
function inAllDims(operand: Tensor, rank: number, ids: number[]): Tensor {
  const { permutationIndices, expandDims } = backend_util.getEinsumPermutation(rank, ids);
  const straight = backend_util.isIdentityPermutation(permutationIndices)
    ? operand
    : transpose(operand, permutationIndices);
  const shape = [...straight.shape];
  for (const axis of expandDims) shape.splice(axis, 0, 1);
  return reshape(straight, shape);
}
