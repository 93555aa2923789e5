import { type KernelFunc, type NamedAttrMap, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Replacement } from "../replace-kernel.ts";

/** A custom kernel that is composed of other kernels of the same backend. */
export type ComposedKernel = Replacement;

/** How a kernel is composed. What it does not handle it leaves to tfjs' own by returning `null`. */
export type Compose<Inputs, Attributes> = (inputs: Inputs, attributes: Attributes) => Tensor | null;

/** The kernel registered under `kernelName`, from ops of tfjs. */
export function defineComposedKernel<
  Inputs extends Readonly<Record<string, Tensor>>,
  Attributes extends object = object,
>(kernelName: string, compose: Compose<Inputs, Attributes>): ComposedKernel {
  const make = (builtIn: KernelFunc | undefined): KernelFunc =>
    function composed(call) {
      const y = tidy(() => compose(call.inputs as Inputs, call.attrs as Attributes) ?? []);
      if (!Array.isArray(y)) return y;
      if (builtIn === undefined) throw new Error(`${kernelName}: there is no kernel for this case.`);
      return builtIn({ ...call, attrs: call.attrs as NamedAttrMap });
    };
  return { kernelName, make };
}
