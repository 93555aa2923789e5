import { Tensor, type TensorInfo, Variable } from "@tensorflow/tfjs-core";
import { type Module } from "../module/module.ts";
import { isBuffer } from "../module/parameter.ts";
import type {
  RecordedCall,
  RecordedNode,
  RecordedRun,
  RecordedStructure,
  RecordedValue,
} from "./recorded-run.ts";
import { TraceError } from "./trace-error.ts";

/** Notes what runs: gives each tensor a number, and each op the numbers of its inputs and outputs. */
export class Recorder {
  readonly #model: Module;
  readonly #once: boolean;
  readonly #values: RecordedValue[] = [];
  readonly #nodes: RecordedNode[] = [];
  readonly #numbers = new Map<number, number>();
  /** By the identity of their data, which several tensors may share: what a read of it on the host would depend on. */
  readonly #readable = new WeakMap<object, RecordedValue>();
  readonly #parameters = new Map<number, { readonly name: string; readonly tensor: Variable }>();
  readonly #paths: ReadonlyMap<Module, string>;
  readonly #calls: RecordedCall[] = [];
  #reading = false;
  /** Whether the model has read what depends on an input: what it makes afterwards may depend on it, too. */
  #hasRead = false;

  /** @param once whether constants are not read, and reads are allowed */
  constructor(model: Module, once: boolean) {
    this.#model = model;
    this.#once = once;
    this.#paths = new Map([...model.namedModules()].map(([path, module]) => [module, path]));
    for (const { path, tensor } of model.slots())
      if (!this.#parameters.has(tensor.id)) this.#parameters.set(tensor.id, { name: path, tensor });
  }

  /** Declares a tensor as an input of the model. */
  input(name: string, x: Tensor): void {
    this.#add(x, { kind: "input", name, depends: true });
  }

  /** Notes the call of a module, which `run` makes. A class that calls its parent's `forward` is one call. */
  call<Y>(module: Module, inputs: readonly unknown[], run: () => Y): Y {
    const path = this.#paths.get(module);
    if (path === undefined || this.#calls.at(-1)?.module === module) return run();
    const call: RecordedCall = {
      kind: "call",
      path,
      type: module.constructor.name,
      module,
      inputs: inputs.map((input) => this.#structure(input)),
      output: { kind: "host", value: undefined },
      body: [],
    };
    this.#calls.at(-1)?.body.push(call);
    this.#calls.push(call);
    try {
      const output = run();
      call.output = this.#structure(output);
      return output;
    } finally {
      if (this.#calls.length > 1) this.#calls.pop();
    }
  }

  /** Notes an op before it runs; call the result with what came out. */
  op(
    op: string,
    tensors: Readonly<Record<string, Tensor | null | undefined>>,
    attributes: object,
  ): (outputs: readonly TensorInfo[]) => void {
    const inputs = Object.entries(tensors).flatMap(([name, x]) =>
      x instanceof Tensor ? [[name, this.#numberOf(x)] as const] : [],
    );
    return (outputs) => {
      const from = inputs.map(([, value]) => value);
      if (op === "Identity") {
        const [source = 0] = from;
        for (const y of outputs) this.#alias(y as Tensor, source);
        return;
      }
      const depends = from.some((value) => this.#values[value]?.depends);
      const { path, type } = this.#where();
      const name = path === "" ? publicName(op) : `${path}.${publicName(op)}`;
      const made = outputs.map((y) => this.#add(y as Tensor, { kind: "result", name, depends }));
      const node: RecordedNode = {
        kind: "node",
        op,
        inputs,
        outputs: made,
        attributes: { ...attributes },
        path,
        type,
      };
      this.#nodes.push(node);
      this.#calls.at(-1)?.body.push(node);
    };
  }

  /** Refuses a read of a tensor on the host if it depends on an input: the graph could not show what is decided by it. Where reads are allowed, it is noted. */
  checkRead(data: object): void {
    const value = this.#readable.get(data);
    if (this.#reading || value === undefined || !value.depends) return;
    if (this.#once) {
      this.#hasRead = true;
      return;
    }
    const { path, type } = this.#where();
    const what = value.kind === "input" ? `the input ${value.name}` : `the output of ${value.name}`;
    const where = path === "" ? this.#model.constructor.name : `${type} at ${path}`;
    throw new TraceError(
      `trace: ${where} reads ${what} on the host, so what it computes depends on the numbers, which a graph cannot show. ` +
        `Pass the input under { fixed } if it is the same in every run, or trace a part of the model.`,
    );
  }

  /** What has run. */
  finish(): RecordedRun {
    const [root] = this.#calls;
    if (root === undefined)
      throw new TraceError(`trace: ${this.#model.constructor.name} has no forward that ran.`);
    return { values: this.#values, nodes: this.#nodes, root };
  }

  #where(): { readonly path: string; readonly type: string } {
    const { path = "", type = this.#model.constructor.name } = this.#calls.at(-1) ?? {};
    return { path, type };
  }

  #alias(x: Tensor, value: number): void {
    this.#numbers.set(x.id, value);
  }

  #add(
    x: Tensor,
    about: Pick<RecordedValue, "kind" | "name" | "depends"> & Partial<Pick<RecordedValue, "data" | "tensor">>,
  ): number {
    const { dtype } = x;
    if (dtype === "string" || dtype === "complex64") {
      throw new TraceError(`trace: ${about.name} is ${dtype}, expected float32, int32 or bool.`);
    }
    const value: RecordedValue = { dtype, sizes: [...x.shape], data: null, tensor: null, ...about };
    this.#values.push(value);
    this.#alias(x, this.#values.length - 1);
    this.#readable.set(x.dataId, value);
    return this.#values.length - 1;
  }

  /** The number of a tensor; one that is met for the first time is a parameter, or a constant, which is read. */
  #numberOf(x: Tensor): number {
    const known = this.#numbers.get(x.id);
    if (known !== undefined) return known;
    const parameter = this.#parameters.get(x.id);
    if (parameter !== undefined) {
      const kind = isBuffer(parameter.tensor) ? "buffer" : "parameter";
      return this.#add(x, { kind, depends: false, ...parameter });
    }
    const constant = { kind: "constant", name: "constant", depends: this.#hasRead } as const;
    if (this.#once) return this.#add(x, constant);
    this.#reading = true;
    try {
      return this.#add(x, { ...constant, data: x.dataSync().slice() });
    } finally {
      this.#reading = false;
    }
  }

  #structure(x: unknown): RecordedStructure {
    if (x instanceof Tensor) return { kind: "value", value: this.#numberOf(x) };
    if (Array.isArray(x)) return { kind: "list", items: x.map((item) => this.#structure(item)) };
    if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return { kind: "host", value: x };
    const fields = Object.entries(x).map(([name, field]) => [name, this.#structure(field)] as const);
    return fields.some(([, field]) => holdsValues(field))
      ? { kind: "record", fields: Object.fromEntries(fields) }
      : { kind: "host", value: x };
  }
}

function holdsValues(structure: RecordedStructure): boolean {
  if (structure.kind === "list") return structure.items.some(holdsValues);
  return structure.kind === "value" || structure.kind === "record";
}

/** `PellucidConv2dWithBias` -> `conv2dWithBias`, `Transpose` -> `transpose` */
function publicName(op: string): string {
  const own = op.replace(/^Pellucid/, "");
  return own.charAt(0).toLowerCase() + own.slice(1);
}
