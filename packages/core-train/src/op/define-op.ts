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
import { found } from "../check-tensor.ts";
import { StructError } from "../struct/struct-error.ts";
import { checkOpInputs } from "./check-op-inputs.ts";
import type { OpInput, TensorOf } from "./op-input.ts";
import { checkRecord } from "../check-record.ts";

/** The inputs of an op, by name. */
export type OpInputs = Readonly<Record<string, OpInput>>;

/** The tensors that go into an op. */
export type OpTensors<Inputs extends OpInputs> = { readonly [Name in keyof Inputs]: TensorOf<Inputs[Name]> };

/** What comes out: one tensor, or several. */
export type OpOutput = Tensor | Tensor[];

/**
 * An op that any backend runs, and the contract of its kernels: their name, what goes in and what comes out. `@pellucid/kernels` takes its
 * type, so that a kernel that does not fit does not compile.
 */
export interface Op<
  Name extends string = string,
  Inputs extends OpInputs = OpInputs,
  Attributes extends object = object,
  Output extends OpOutput = OpOutput,
> {
  (inputs: OpTensors<Inputs>, attributes: Attributes): Output;
  /** The name under which a backend's kernel is registered. */
  readonly kernelName: Name;
  readonly inputs: Inputs;
}

/** How an op computes, on any backend, and how its output changes with each input. */
export interface OpDefinition<
  Name extends string,
  Inputs extends OpInputs,
  Attributes extends object,
  Output extends OpOutput,
> {
  /** The name under which a backend's kernel is registered. */
  readonly name: Name;
  /** The function that users call, which errors name. Default: the name in camelCase, without `Pellucid` and `Gradient`. */
  readonly caller?: string;
  /** The dtype and the axes of each input. Others are refused before anything runs. */
  readonly inputs: Inputs;
  /** The op composed of tfjs ops: what runs where no kernel is registered, and what a kernel must agree with. */
  readonly reference: (inputs: OpTensors<Inputs>, attributes: Attributes) => Output;
  /**
   * From the gradient at the output to the gradient at each input, each computed only when it is asked for. An input
   * that counts as constant (indices, labels) is left out. The output is saved for it only if it takes `y`. An op that nothing is trained through, such as a step of an
   * optimizer, has none: asking for it all the same is an error that names the op.
   *
   * `"reference"` is for an op that is itself part of a gradient, where writing down its own would be a waste: while a gradient
   * is being taken the reference runs instead, op by op, and the kernel at all other times.
   */
  readonly gradient?: OpGradient<Inputs, Attributes, Output> | "reference";
}

type OpGradient<Inputs extends OpInputs, Attributes extends object, Output extends OpOutput> = (
  dy: Output,
  inputs: OpTensors<Inputs>,
  attributes: Attributes,
  y: Output,
) => { readonly [Name in keyof Inputs]?: () => Tensor };

/**
 * Makes one typed function of an op. It runs the kernel registered under `name` for the active backend if there is
 * one, else `reference`, so it works on every backend. The gradient holds for both.
 *
 * @throws {DtypeError} From the op, for an input of another dtype than declared.
 * @throws {ShapeError} From the op, for an input of another rank than declared.
 */
export function defineOp<
  const Name extends string,
  Inputs extends OpInputs,
  Attributes extends object,
  Output extends OpOutput,
>(definition: OpDefinition<Name, Inputs, Attributes, Output>): Op<Name, Inputs, Attributes, Output> {
  type Tensors = OpTensors<Inputs>;
  checkRecord("defineOp", "the definition", definition, ["name", "inputs", "reference"]);
  const { name, caller = publicName(name), inputs: declared, reference, gradient } = definition;
  const check = checkOpInputs(caller, declared);
  const composed: KernelFunc = ({ inputs, attrs }) =>
    tidy(() => reference(inputs as Tensors, attrs as Attributes)) as Tensor;
  references.set(name, composed);
  compositions.add(composed);
  const run = (inputs: Tensors, attributes: Attributes): Output => {
    check(inputs);
    const backendName = getBackend();
    if (getKernel(name, backendName) === undefined) {
      registerKernel({ kernelName: name, backendName, kernelFunc: composed });
    }
    return engine().runKernel(name, { ...inputs }, attributes as NamedAttrMap) as Output;
  };
  const contract = { kernelName: name, inputs: declared };
  if (gradient === undefined) return Object.assign(run, contract);
  if (gradient === "reference") {
    const runOrCompose = (inputs: Tensors, attributes: Attributes): Output => {
      if (engine().state.gradientDepth === 0) return run(inputs, attributes);
      check(inputs);
      return tidy(() => reference(inputs, attributes));
    };
    return Object.assign(runOrCompose, contract);
  }
  const names = Object.keys(declared);
  const usesOutput = gradient.length > 3;
  const gradFunc: GradConfig["gradFunc"] = (dy, saved, attrs) => {
    const inputs = Object.fromEntries(names.map((key, i) => [key, saved[i]])) as Tensors;
    const attributes = attrs as Attributes;
    const savedOutput = (Array.isArray(dy) ? saved.slice(names.length) : saved[names.length]) as Output;
    // Inside of another gradient the saved copy will not do: tfjs does not connect it to the inputs.
    const y = usesOutput && engine().state.gradientDepth > 0 ? run(inputs, attributes) : savedOutput;
    const constants = Object.fromEntries(names.map((key, i) => [key, () => zeros(saved[i]?.shape ?? [])]));
    return { ...constants, ...gradient(dy as Output, inputs, attributes, y) } as Record<string, () => Tensor>;
  };
  registerGradient({
    kernelName: name,
    inputsToSave: names,
    outputsToSave: new Array<boolean>(MOST_OUTPUTS).fill(usesOutput),
    gradFunc,
  });
  return Object.assign(run, contract);
}

/** tfjs asks which outputs to save before an op has run; a flag for one that does not exist does no harm. */
const MOST_OUTPUTS = 16;

/** `PellucidLogSoftmax` -> `logSoftmax`, and of its gradient likewise. */
function publicName(name: string): string {
  const own = name.replace(/^Pellucid|Gradient$/g, "");
  return own.charAt(0).toLowerCase() + own.slice(1);
}

/** Kernels that are only the op composed of others. */
const compositions = new WeakSet<KernelFunc>();

/** The latest of them by name. */
const references = new Map<string, KernelFunc>();

/** The op of a name composed of others, which runs on every backend; undefined for what {@link defineOp} did not make. */
export function referenceOf(name: string): KernelFunc | undefined {
  return references.get(name);
}

/** Whether the active backend has a kernel of its own for an op, and does not compose it. */
export function hasKernel(op: Pick<Op, "kernelName">): boolean {
  const { kernelName } = Object(op) as Partial<typeof op>;
  if (kernelName === undefined)
    throw new StructError(`hasKernel: the op is ${found(op)}, expected one that defineOp made.`);
  const kernel = getKernel(kernelName, getBackend());
  return kernel !== undefined && !compositions.has(kernel.kernelFunc);
}
