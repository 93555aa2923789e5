import { einsum, linear, matMul } from "@pellucid/core-train";
import { add, mul, type Tensor, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import type { OnnxOp, OnnxOps } from "../call.ts";
import { inOrder, OnnxValue } from "../onnx-value.ts";

/** The order of axes in which the last two are exchanged. */
const exchanged = (rank: number): readonly number[] => [...inOrder(rank - 2), rank - 1, rank - 2];

/** A matrix as it is there: the first, or its transpose. */
function matrix(value: OnnxValue): { readonly x: Tensor; readonly isTransposed: boolean } {
  const { rank } = value;
  const isTransposed = rank >= 2 && !value.has(inOrder(rank)) && value.has(exchanged(rank));
  return { x: isTransposed ? value.permuted(exchanged(rank)) : value.tensor, isTransposed };
}

const product: OnnxOp = (call) => {
  const [a, b] = [matrix(call.input(0)), matrix(call.input(1))];
  if (b.x.rank === 2 && !b.isTransposed && !a.isTransposed && a.x.rank > 0)
    return OnnxValue.of(linear(a.x, b.x as Tensor2D));
  return OnnxValue.of(matMul(a.x, b.x, a.isTransposed, b.isTransposed));
};

const gemm: OnnxOp = (call) => {
  const [alpha, beta] = [call.number("alpha", 1), call.number("beta", 1)];
  const turned = (index: number, name: string): OnnxValue =>
    call.number(name, 0) === 0 ? call.input(index) : call.input(index).transposed([1, 0]);
  const [a, b] = [turned(0, "transA"), turned(1, "transB")];
  call.refuse(a.rank === 2 && b.rank === 2, "its inputs are not matrices");
  const c = call.optional(2);
  const weight = b.tensor as Tensor2D;
  if (alpha === 1 && beta === 1 && c?.rank === 1 && c.shape[0] === weight.shape[1])
    return OnnxValue.of(linear(a.tensor, weight, c.tensor as Tensor1D));
  const y = matMul(a.tensor, weight);
  const scaled = alpha === 1 ? y : mul(y, alpha);
  if (c === null) return OnnxValue.of(scaled);
  return OnnxValue.of(add(scaled, beta === 1 ? c.tensor : mul(c.tensor, beta)));
};

const sumOfProducts: OnnxOp = (call) => {
  const equation = call.attribute("equation");
  if (typeof equation !== "string") throw call.error("it has no equation");
  const operands = call.inputs.map((_, i) => call.input(i).tensor);
  return OnnxValue.of(einsum(equation.replaceAll(" ", ""), ...operands));
};

/** The ops that are matrix products. */
export const linearOps: OnnxOps = { Einsum: sumOfProducts, Gemm: gemm, MatMul: product };
