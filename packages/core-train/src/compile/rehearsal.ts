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

/** An attribute of a kernel, and how the number that it is now is set in the recorded calls: not at all where it has to stay as it is. */
interface Attribute {
  readonly key: string;
  value: unknown;
  readonly setters: readonly Setter[] | undefined;
}

/** A tensor for an output: of the next state, number `leaf` of its tensors, or else a stand-in. */
interface Output {
  readonly standIn: Tensor;
  leaf: number | null;
}

/** What an optimizer asked the engine for: a kernel, or a tensor of numbers of the host. */
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

/** The optimizer goes another way than in the recorded step. */
class OtherWay extends Error {}

/** The host's part of an update, which can be run again without computing a tensor. */
export class Rehearsal {
  readonly #events: readonly Event[];
  readonly #gradients: ByPath<Tensor>;
  readonly #outputs = new Map<Tensor, Output>();
  /** What each event gives. */
  readonly #given: readonly (readonly Output[])[];

  constructor(events: readonly Event[], gradients: ByPath<Tensor>) {
    this.#events = events;
    this.#gradients = mapByPath(gradients, standIn);
    this.#given = events.map((event) =>
      event.kind === "composed"
        ? []
        : (event.kind === "kernel" ? [event.outputs].flat() : [event.output]).map((tensor) => {
            const output = { standIn: standIn(tensor), leaf: null };
            this.#outputs.set(tensor, output);
            return output;
          }),
    );
  }

  /** Says that an output of a kernel is tensor number `leaf` of the next state. Returns whether it is an output, and the only one. */
  stands(output: Tensor, leaf: number): boolean {
    const found = this.#outputs.get(output);
    if (found === undefined || found.leaf !== null) return false;
    found.leaf = leaf;
    return true;
  }

  /**
   * Runs `update` again, and sets the numbers that it computes.
   *
   * @param leaves the tensors that the next state is to hold
   * @returns what `update` gives, or `null` where it goes another way
   */
  run<Result>(
    leaves: readonly (Tensor | null)[],
    update: (gradients: ByPath<Tensor>) => Result,
  ): Result | null {
    const own = engine();
    const changed: [Attribute, number][] = [];
    const writes: (() => void)[] = [];
    const known = ({ standIn, leaf }: Output): Tensor => (leaf === null ? null : leaves[leaf]) ?? standIn;
    let at = 0;
    const next = <Kind extends Event["kind"]>(kind: Kind): Extract<Event, { kind: Kind }> => {
      const event = this.#events[at++];
      if (event?.kind !== kind) throw new OtherWay();
      return event as Extract<Event, { kind: Kind }>;
    };
    const runKernel = (name: string, inputs: Inputs, attrs: Attributes = {}) => {
      if (this.#events[at]?.kind === "composed") {
        if (next("composed").name !== name) throw new OtherWay();
        return kernelOf(name)({ inputs, attrs: attrs as never, backend: own.backend });
      }
      const event = next("kernel");
      if (event.name !== name) throw new OtherWay();
      compare(event.attributes, attrs, changed);
      const given = this.#given[at - 1] as readonly Output[];
      return Array.isArray(event.outputs) ? given.map(known) : known(given[0] as Output);
    };
    const makeTensor = (values: ArrayLike<number>) => {
      const event = next("numbers");
      if (values.length !== event.size) throw new OtherWay();
      writes.push(() => event.write(values));
      return known((this.#given[at - 1] as readonly Output[])[0] as Output);
    };
    const stubs = { runKernel, makeTensor, disposeTensor: () => {} } as object;
    try {
      const result = withMethods(own, stubs, () => update(this.#gradients));
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

/** Runs `update` and notes what it asks the engine for. */
export function rehearsed<Result>(
  calls: Recording,
  gradients: ByPath<Tensor>,
  update: () => Result,
): { readonly result: Result; readonly rehearsal: Rehearsal } {
  const own = engine();
  const run = own.runKernel.bind(own);
  const make = own.makeTensor.bind(own);
  const events: Event[] = [];
  let noted = 0;
  let isProbing = false;
  const runKernel = (name: string, inputs: Inputs, attrs: Attributes = {}) => {
    const [index, first, before] = [events.length, calls.calls, noted];
    const outputs = run<Tensor | Tensor[]>(name, inputs as never, attrs as never);
    if (isProbing) return outputs;
    if (events.length > index) {
      if (noted - before !== calls.calls - first)
        calls.refuse(`${name} in an optimizer calls kernels and WebAssembly`);
      events.splice(index, 0, { kind: "composed", name });
      return outputs;
    }
    noted += calls.calls - first;
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
  const result = withMethods(own, { runKernel, makeTensor } as object, update);
  return { result, rehearsal: new Rehearsal(events, gradients) };
}

/** Compares the attributes of a kernel with those that its calls have. Numbers that differ are to be set. */
function compare(own: readonly Attribute[], given: Attributes, changed: [Attribute, number][]): void {
  for (const attribute of own) {
    const value = given[attribute.key];
    if (Object.is(value, attribute.value)) continue;
    if (attribute.setters !== undefined && typeof value === "number") changed.push([attribute, value]);
    else if (!isSame(attribute.value, value)) throw new OtherWay();
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((value, i) => isSame(value, b[i]));
}

/**
 * How the numbers among a kernel's attributes are set in its recorded calls. An attribute `a` has setters if it goes into calls as `a`, `−a` or `1 − a`, which is
 * tried with several numbers.
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
      const [found, ...others] = TRIED.map((value) => usesOf(recorded, callsWith({ [key]: value }), value));
      if (found === undefined || found === null || found.length === 0) continue;
      if (!others.every((other) => JSON.stringify(other) === JSON.stringify(found))) continue;
      setters[key] = found.map(({ call, position, form }) => {
        const set = calls.argument(first + call, position);
        return (value) => set(forms[form](value));
      });
    }
  } catch {
    return {}; // with a number that the kernel cannot have; then another number is another way
  }
  return setters;
}

const TRIED = [0.7109375, -3.40625, 1234.5, 1e-5];

/** How a kernel passes on an attribute. */
const forms = {
  itself: (value: number) => value,
  negated: (value: number) => -value,
  rest: (value: number) => 1 - value,
} as const;

/** Where an attribute goes. */
interface Use {
  readonly call: number;
  readonly position: number;
  readonly form: keyof typeof forms;
}

/** Where the calls differ, if all that differs is `value`. */
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
  if (kernel === undefined) throw new OtherWay();
  return kernel.kernelFunc;
}
