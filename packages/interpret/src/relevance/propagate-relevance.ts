import { abs, type GradientRule } from "@pellucid/core-train";
import { div, less, mul, onesLike, type Tensor, where, zerosLike } from "@tensorflow/tfjs-core";

/** An activation hands its relevance on: `R_in = R_out`, as a gradient `dy · y / x`. Where `x` is 0 there is none to hand on. */
export const propagateRelevance: GradientRule = {
  inputs: ["x"],
  gradient: (dy, { inputs, output }) => {
    const x = inputs["x"] as Tensor;
    const none = less(abs(x), 1e-9);
    return where(none, zerosLike(x), div(mul(dy, output), where(none, onesLike(x), x)));
  },
};
