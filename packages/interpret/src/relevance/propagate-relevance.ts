import { abs, type GradientRule } from "@pellucid/core-train";
import { div, less, mul, onesLike, where, zerosLike } from "@tensorflow/tfjs-core";

/** An elementwise function hands its relevance on: `R_in = R_out`, as a gradient `dy · y / x`. Where `x` is 0 there is none to hand on. */
export const propagateRelevance = (input: string): GradientRule => ({
  inputs: [input],
  gradient: (dy, { inputs, output }) => {
    const x = inputs[input] ?? output;
    const none = less(abs(x), 1e-9);
    return where(none, zerosLike(x), div(mul(dy, output), where(none, onesLike(x), x)));
  },
});
