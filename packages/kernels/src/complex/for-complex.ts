import { type KernelFunc, type NamedAttrMap, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";

type Inputs = Readonly<Record<string, Tensor>>;

/** A kernel for complex numbers; all others are left to tfjs' own, at no cost. */
export function forComplex(
  kernelName: string,
  compose: (inputs: Inputs, attributes: NamedAttrMap) => Tensor,
  isAsked: (inputs: Inputs) => boolean = () => true,
): ComposedKernel {
  const make = (builtIn: KernelFunc | undefined): KernelFunc =>
    function composed(call) {
      const inputs = call.inputs as Inputs;
      const attributes = call.attrs as NamedAttrMap;
      const isOurs = isComplex(inputs, attributes) && isAsked(inputs);
      if (builtIn !== undefined && !isOurs) return builtIn(call);
      return tidy(() => compose(inputs, attributes));
    };
  return { kernelName, make };
}

function isComplex(inputs: Inputs, attributes: NamedAttrMap | undefined): boolean {
  for (const name in inputs) if (inputs[name]?.dtype === "complex64") return true;
  return attributes?.["dtype"] === "complex64";
}
