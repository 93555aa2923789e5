import { Einsum, registerGradient, type Tensor } from "@tensorflow/tfjs-core";
import { einsum } from "../op/einsum.ts";
import { gradientThrough } from "./gradient-through.ts";

/** Gives `einsum`, which has none in tfjs, its gradients: those of the products that it is made of. */
export function registerEinsumGradient(): void {
  registerGradient({
    kernelName: Einsum,
    saveAllInputs: true,
    gradFunc: (dy, operands, attributes) => {
      const { equation } = attributes as { equation: string };
      const at = (i: number) => () =>
        gradientThrough((x) => einsum(equation, ...operands.with(i, x)), operands[i] as Tensor, dy as Tensor);
      return Object.fromEntries(operands.map((_, i) => [`${i}`, at(i)]));
    },
  });
}
