import {
  engine,
  type GradConfig,
  getBackend,
  getKernel,
  type KernelFunc,
  type NamedAttrMap,
  registerGradient,
  registerKernel,
  type Tensor,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";

/** The tensors that go into an op, by name. */
export type OpInputs = Readonly<Record<string, Tensor>>;

/** What comes out: one tensor, or several. */
export type OpOutput = Tensor | Tensor[];

/** How an op computes, on any backend, and how its output changes with each input. */
export interface OpDefinition<Inputs extends OpInputs, Attributes extends object, Output extends OpOutput> {
  /** The name under which a backend's kernel is registered. */
  readonly name: string;
  /** The names of the inputs. */
  readonly inputs: readonly (keyof Inputs & string)[];
  /** How many tensors come out. Default: 1. */
  readonly outputs?: number;
  /** The op composed of tfjs ops: what runs where no kernel is registered, and what a kernel must agree with. */
  readonly reference: (inputs: Inputs, attributes: Attributes) => Output;
  /**
   * From the gradient at the output to the gradient at each input, each computed only when it is asked for. An input
   * that counts as constant (indices, labels) is left out. The output is kept for it only if it takes `y`. An op that nothing is trained through, such as a step of an
   * optimizer, has none: asking for it all the same is an error that names the op.
   *
   * `"reference"` is for an op that is itself part of a gradient, where writing down its own would be a waste: while a gradient
   * is being taken the reference runs in its place, op by op, and the kernel at all other times.
   */
  readonly gradient?: OpGradient<Inputs, Attributes, Output> | "reference";
}

type OpGradient<Inputs extends OpInputs, Attributes extends object, Output extends OpOutput> = (
  dy: Output,
  inputs: Inputs,
  attributes: Attributes,
  y: Output,
) => { readonly [Name in keyof Inputs]?: () => Tensor };

/**
 * Makes one typed function of an op. It runs the kernel registered under `name` for the active backend if there is
 * one, else `reference`, so it works on every backend. The gradient holds for both.
 */
export function defineOp<Inputs extends OpInputs, Attributes extends object, Output extends OpOutput>(
  definition: OpDefinition<Inputs, Attributes, Output>,
): (inputs: Inputs, attributes: Attributes) => Output {
  const { name, inputs: names, outputs = 1, reference, gradient } = definition;
  const composed: KernelFunc = ({ inputs, attrs }) =>
    tidy(() => reference(inputs as Inputs, attrs as Attributes)) as Tensor;
  references.add(composed);
  const run = (inputs: Inputs, attributes: Attributes): Output => {
    const backendName = getBackend();
    if (getKernel(name, backendName) === undefined) {
      registerKernel({ kernelName: name, backendName, kernelFunc: composed });
    }
    return engine().runKernel(name, { ...inputs }, attributes as NamedAttrMap) as Output;
  };
  if (gradient === undefined) return run;
  if (gradient === "reference") {
    return (inputs, attributes) =>
      engine().state.gradientDepth > 0 ? tidy(() => reference(inputs, attributes)) : run(inputs, attributes);
  }
  const usesOutput = gradient.length > 3;
  const gradFunc: GradConfig["gradFunc"] = (dy, saved, attrs) => {
    const inputs = Object.fromEntries(names.map((key, i) => [key, saved[i]])) as Inputs;
    const attributes = attrs as Attributes;
    const savedOutput = (outputs === 1 ? saved[names.length] : saved.slice(names.length)) as Output;
    // Inside of another gradient the saved copy will not do: tfjs does not connect it to the inputs.
    const y = usesOutput && engine().state.gradientDepth > 0 ? run(inputs, attributes) : savedOutput;
    const constants = Object.fromEntries(names.map((key) => [key, () => zeros(inputs[key]?.shape ?? [])]));
    return { ...constants, ...gradient(dy as Output, inputs, attributes, y) } as Record<string, () => Tensor>;
  };
  registerGradient({
    kernelName: name,
    inputsToSave: [...names],
    outputsToSave: new Array<boolean>(outputs).fill(usesOutput),
    gradFunc,
  });
  return run;
}

/** Kernels that are only the op composed of others. */
const references = new WeakSet<KernelFunc>();

/** Whether the active backend has a kernel of its own for the op of that name, and does not compose it. */
export function hasKernel(name: string): boolean {
  const kernel = getKernel(name, getBackend());
  return kernel !== undefined && !references.has(kernel.kernelFunc);
}
