import {
  engine,
  getBackend,
  getKernel,
  type KernelFunc,
  Tensor,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { mapByPath } from "../optim/map-by-path.ts";
import type { Recording } from "./recorder.ts";
import { withMethods } from "./with-methods.ts";

type Attributes = Readonly<Record<string, unknown>>;
type Inputs = Parameters<KernelFunc>[0]["inputs"];
type Setter = (value: number) => void;

/** An attribute of a recorded kernel, such as the learning rate. */
interface Attribute {
  readonly key: string;
  /** Its value in the recorded calls now. */
  value: unknown;
  /** Write another number into the recorded calls; undefined where it cannot be changed. */
  readonly setters: readonly Setter[] | undefined;
}

/** What an output of an event is when the update runs again. */
interface Output {
  /** A tensor without numbers. */
  readonly standIn: Tensor;
  /** Which tensor of the next state it is, by its index; null for a value in between, for which the stand-in is returned. */
  leaf: number | null;
}

/**
 * What an optimizer asked the engine for: a kernel; a kernel composed of others, which follow as events of their own; or a tensor of numbers of the
 * host, such as a schedule's learning rate.
 */
type Event =
  | {
      readonly kind: "kernel";
      readonly name: string;
      readonly attributes: readonly Attribute[];
      readonly outputs: Tensor | Tensor[];
    }
  | { readonly kind: "composed"; readonly name: string }
  | {
      readonly kind: "numbers";
      readonly size: number;
      readonly write: (values: ArrayLike<number>) => void;
      readonly output: Tensor;
    };

/** The update asks for other kernels than the recorded one did. */
class DivergedError extends Error {}

/**
 * The host's part of an optimizer's update: learning rate, count of steps, bias corrections. Its code runs again in each replay, on tensors without
 * numbers: the engine's methods are replaced by ones that compute nothing, compare each request with the recorded event, and note the numbers that
 * are different now. These are then written into the recorded calls.
 */
export class Rehearsal {
  readonly #events: readonly Event[];
  readonly #gradients: ByPath<Tensor>;
  readonly #outputs = new Map<Tensor, Output>();
  /** The outputs of each event. */
  readonly #outputsOf: readonly (readonly Output[])[];

  constructor(events: readonly Event[], gradients: ByPath<Tensor>) {
    this.#events = events;
    this.#gradients = mapByPath(gradients, standIn);
    this.#outputsOf = events.map((event) =>
      event.kind === "composed"
        ? []
        : (event.kind === "kernel" ? [event.outputs].flat() : [event.output]).map((tensor) => {
            const output = { standIn: standIn(tensor), leaf: null };
            this.#outputs.set(tensor, output);
            return output;
          }),
    );
  }

  /**
   * Declares that `output` is tensor number `leaf` of the next state.
   *
   * @returns false where no event gave it, or where it is another tensor of the state already
   */
  assignLeaf(output: Tensor, leaf: number): boolean {
    const found = this.#outputs.get(output);
    if (found === undefined || found.leaf !== null) return false;
    found.leaf = leaf;
    return true;
  }

  /**
   * Runs `update` again, and sets the numbers that it computes.
   *
   * @param leaves the tensors that the next state is to hold
   * @returns what `update` gives, or `null` where it diverges from the recorded update: then nothing was set
   */
  run<Result>(
    leaves: readonly (Tensor | null)[],
    update: (gradients: ByPath<Tensor>) => Result,
  ): Result | null {
    const tfjs = engine();
    const changed: [Attribute, number][] = [];
    const writes: (() => void)[] = [];
    const tensorOf = ({ standIn, leaf }: Output): Tensor => (leaf === null ? null : leaves[leaf]) ?? standIn;
    let at = 0; // of the events
    const next = <Kind extends Event["kind"]>(kind: Kind): Extract<Event, { kind: Kind }> => {
      const event = this.#events[at++];
      if (event?.kind !== kind) throw new DivergedError();
      return event as Extract<Event, { kind: Kind }>;
    };
    const runKernel = (name: string, inputs: Inputs, attrs: Attributes = {}) => {
      if (this.#events[at]?.kind === "composed") {
        if (next("composed").name !== name) throw new DivergedError();
        return kernelOf(name)({ inputs, attrs: attrs as never, backend: tfjs.backend });
      }
      const event = next("kernel");
      if (event.name !== name) throw new DivergedError();
      compare(event.attributes, attrs, changed);
      const outputs = this.#outputsOf[at - 1] as readonly Output[];
      return Array.isArray(event.outputs) ? outputs.map(tensorOf) : tensorOf(outputs[0] as Output);
    };
    const makeTensor = (values: ArrayLike<number>) => {
      const event = next("numbers");
      if (values.length !== event.size) throw new DivergedError();
      writes.push(() => event.write(values));
      return tensorOf((this.#outputsOf[at - 1] as readonly Output[])[0] as Output);
    };
    const stubs = { runKernel, makeTensor, disposeTensor: () => {} } as object;
    try {
      const result = withMethods(tfjs, stubs, () => update(this.#gradients));
      if (at !== this.#events.length) return null;
      for (const [attribute, value] of changed) {
        attribute.value = value;
        for (const set of attribute.setters as readonly Setter[]) set(value);
      }
      for (const write of writes) write();
      return result;
    } catch {
      return null; // where it is an error, the step throws it again when it runs op by op
    }
  }
}

/** A tensor of the same shape without numbers, unknown to the engine, so that nothing disposes of it. */
const standIn = ({ shape, dtype, dataId, id }: Tensor): Tensor => new Tensor(shape, dtype, dataId, id);

/**
 * Runs `update` and notes what it asks the engine for.
 *
 * @param calls the recording of the step, whose calls the update's kernels add to
 */
export function rehearsed<Result>(
  calls: Recording,
  gradients: ByPath<Tensor>,
  update: () => Result,
): { readonly result: Result; readonly rehearsal: Rehearsal } {
  const tfjs = engine();
  const run = tfjs.runKernel.bind(tfjs);
  const make = tfjs.makeTensor.bind(tfjs);
  const events: Event[] = [];
  let attributed = 0; // recorded calls that belong to an event
  let isProbing = false;
  const runKernel = (name: string, inputs: Inputs, attrs: Attributes = {}) => {
    const [index, first, before] = [events.length, calls.calls, attributed];
    const outputs = run<Tensor | Tensor[]>(name, inputs as never, attrs as never);
    if (isProbing) return outputs;
    if (events.length > index) {
      if (attributed - before !== calls.calls - first)
        calls.refuse(`${name} in an optimizer calls kernels and WebAssembly`);
      events.splice(index, 0, { kind: "composed", name });
      return outputs;
    }
    attributed += calls.calls - first;
    isProbing = true;
    const setters = settersOf(calls, first, { name, inputs, attributes: attrs });
    isProbing = false;
    const attributes = Object.entries(attrs).map(([key, value]) => ({ key, value, setters: setters[key] }));
    events.push({ kind: "kernel", name, attributes, outputs });
    return outputs;
  };
  const makeTensor = (...given: Parameters<typeof make>) => {
    const output = make(...given);
    if (isProbing) return output;
    const view = calls.view(output);
    events.push({ kind: "numbers", size: output.size, write: (values) => view().set(values), output });
    return output;
  };
  const result = withMethods(tfjs, { runKernel, makeTensor } as object, update);
  return { result, rehearsal: new Rehearsal(events, gradients) };
}

/** Compares the attributes of a kernel with the recorded ones. Numbers that differ and can be set are added to `changed`. */
function compare(recorded: readonly Attribute[], given: Attributes, changed: [Attribute, number][]): void {
  for (const attribute of recorded) {
    const value = given[attribute.key];
    if (Object.is(value, attribute.value)) continue;
    if (attribute.setters !== undefined && typeof value === "number") changed.push([attribute, value]);
    else if (!isSame(attribute.value, value)) throw new DivergedError();
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((value, i) => isSame(value, b[i]));
}

/**
 * Finds how the numbers among a kernel's attributes are set in its recorded calls: the kernel runs with other numbers, and the arguments of its calls
 * are compared with the recorded ones. An attribute `a` has setters if all that changes are arguments that are `a`, `−a` or `1 − a`, for each of
 * several numbers.
 */
function settersOf(
  calls: Recording,
  first: number,
  {
    name,
    inputs,
    attributes,
  }: { readonly name: string; readonly inputs: Inputs; readonly attributes: Attributes },
): Readonly<Record<string, readonly Setter[]>> {
  const numeric = Object.keys(attributes).filter((key) => typeof attributes[key] === "number");
  if (numeric.length === 0) return {};
  const { backend } = engine();
  const callsWith = (changed: Attributes) =>
    calls.probe(() => {
      const made = kernelOf(name)({ inputs, attrs: { ...attributes, ...changed } as never, backend });
      for (const { dataId } of [made].flat() as TensorInfo[]) backend.disposeData(dataId);
    });
  const setters: Record<string, readonly Setter[]> = {};
  try {
    const recorded = callsWith({});
    for (const key of numeric) {
      const [found, ...others] = PROBES.map((value) => usesOf(recorded, callsWith({ [key]: value }), value));
      if (found === undefined || found === null || found.length === 0) continue;
      if (!others.every((other) => JSON.stringify(other) === JSON.stringify(found))) continue;
      setters[key] = found.map(({ call, position, form }) => {
        const set = calls.argument(first + call, position);
        return (value) => set(forms[form](value));
      });
    }
  } catch {
    return {}; // the kernel refuses one of the probes: its attributes stay fixed
  }
  return setters;
}

const PROBES = [0.7109375, -3.40625, 1234.5, 1e-5];

/** What a kernel computes from an attribute before it calls WebAssembly. */
const forms = {
  itself: (value: number) => value,
  negated: (value: number) => -value,
  rest: (value: number) => 1 - value,
} as const;

/** An argument of a recorded call that comes from an attribute. */
interface Use {
  readonly call: number;
  readonly position: number;
  readonly form: keyof typeof forms;
}

/** The arguments that differ, if each is `value` in one of the {@link forms}; null if some other argument differs. */
function usesOf(
  recorded: readonly (readonly number[])[],
  probed: readonly (readonly number[])[],
  value: number,
): readonly Use[] | null {
  if (recorded.length !== probed.length) return null;
  const uses: Use[] = [];
  for (const [call, values] of probed.entries()) {
    for (const [position, given] of values.entries()) {
      if (Object.is(given, recorded[call]?.[position])) continue;
      const form = (["itself", "negated", "rest"] as const).find((each) => forms[each](value) === given);
      if (form === undefined) return null;
      uses.push({ call, position, form });
    }
  }
  return uses;
}

function kernelOf(name: string): KernelFunc {
  const kernel = getKernel(name, getBackend());
  if (kernel === undefined) throw new DivergedError();
  return kernel.kernelFunc;
}
