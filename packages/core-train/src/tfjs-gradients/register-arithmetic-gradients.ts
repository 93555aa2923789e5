import {
  BatchMatMul,
  Cast,
  cast,
  Elu,
  exp,
  FloorDiv,
  getGradient,
  greater,
  less,
  matMul,
  Maximum,
  Minimum,
  minimum,
  mul,
  registerGradient,
  SquaredDifference,
  sub,
  type Tensor,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import { shareOfWinner } from "../op/share-of-winner.ts";
import { sumTo } from "../op/sum-to.ts";
import { isNested, registerComposedGradient } from "./register-composed-gradient.ts";

/**
 * Gives ops on two tensors their gradients where they broadcast, where tfjs' own throw: `maximum` and `minimum`, with half
 * of it for each at a tie as in PyTorch, `squaredDifference` and `matMul`. That of `floorDiv` is zero; tfjs takes it for
 * division, and a cast to integers for nothing at all. That of `elu` may be differentiated again.
 */
export function registerArithmeticGradients(): void {
  registerGradient({
    kernelName: Cast,
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attributes) => {
      const { dtype } = attributes as { dtype?: unknown };
      const isCut = (x as Tensor).dtype === "float32" && (dtype === "int32" || dtype === "bool");
      return { x: () => (isCut ? zeros((x as Tensor).shape) : cast(dy as Tensor, "float32")) };
    },
  });
  registerComposedGradient<{ x: Tensor }, object>({
    kernelName: Elu,
    inputs: ["x"],
    when: isNested,
    compose: ({ x }) => where(greater(x, 0), x, sub(exp(minimum(x, 0)), 1)),
  });
  const ofDivision = getGradient(FloorDiv);
  registerGradient({
    ...ofDivision,
    gradFunc: (dy, saved, attributes) => {
      const [a, b] = saved as [Tensor, Tensor];
      // Of integers tfjs' `div` is `floorDiv` too, and there its gradient is that of division.
      if (a.dtype !== "float32") return ofDivision.gradFunc(dy, saved, attributes);
      return { a: () => zeros(a.shape), b: () => zeros(b.shape) };
    },
  });
  forPair(Maximum, (dy, a, b) => ({
    a: () => shareOfWinner(dy, a, b, less),
    b: () => shareOfWinner(dy, b, a, less),
  }));
  forPair(Minimum, (dy, a, b) => ({
    a: () => shareOfWinner(dy, a, b, greater),
    b: () => shareOfWinner(dy, b, a, greater),
  }));
  forPair(SquaredDifference, (dy, a, b) => ({
    a: () => sumTo(mul(dy, mul(sub(a, b), 2)), a.shape),
    b: () => sumTo(mul(dy, mul(sub(b, a), 2)), b.shape),
  }));
  forPair<Transposed>(BatchMatMul, (dy, a, b, { transposeA, transposeB }) => ({
    a: () => sumTo(transposeA ? matMul(b, dy, transposeB, true) : matMul(dy, b, false, !transposeB), a.shape),
    b: () => sumTo(transposeB ? matMul(dy, a, true, transposeA) : matMul(a, dy, !transposeA, false), b.shape),
  }));
}

interface Transposed {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function forPair<Attributes = object>(
  kernelName: string,
  gradient: (
    dy: Tensor,
    a: Tensor,
    b: Tensor,
    attributes: Attributes,
  ) => { readonly a: () => Tensor; readonly b: () => Tensor },
): void {
  registerGradient({
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc: (dy, saved, attributes) => {
      const [a, b] = saved as [Tensor, Tensor];
      return gradient(dy as Tensor, a, b, attributes as Attributes);
    },
  });
}
