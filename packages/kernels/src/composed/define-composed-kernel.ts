import {
  getKernel,
  type KernelFunc,
  type NamedAttrMap,
  registerKernel,
  type Tensor,
  tidy,
  unregisterKernel,
} from "@tensorflow/tfjs-core";

/** A kernel of ours that is made of other kernels of the same backend. */
export interface ComposedKernel {
  readonly kernelName: string;
  /** The kernel, given tfjs' own, if it has one. */
  readonly make: (builtIn: KernelFunc | undefined) => KernelFunc;
}

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

/** Registers kernels in place of tfjs' own, once. */
export function registerComposedKernels(backendName: string, kernels: readonly ComposedKernel[]): void {
  for (const { kernelName, make } of kernels) {
    const builtIn = getKernel(kernelName, backendName);
    if (builtIn !== undefined && ours.has(builtIn.kernelFunc)) continue;
    const kernelFunc = make(builtIn?.kernelFunc);
    if (builtIn !== undefined) unregisterKernel(kernelName, backendName);
    registerKernel({ ...builtIn, kernelName, backendName, kernelFunc }); // its set-up stays, for a backend started anew
    ours.add(kernelFunc);
  }
}

const ours = new WeakSet<KernelFunc>();
