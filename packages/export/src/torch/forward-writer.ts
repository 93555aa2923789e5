import type { TracedCall, TracedNode, TracedStructure } from "@pellucid/core-train";
import type { CodeLine } from "./class-draft.ts";
import { type PythonTensor, pythonTensor, ours, plain } from "./python-tensor.ts";
import { joinMeans } from "./join-means.ts";
import { isMoved, layerCall, layerAxes, ordering, reordered } from "./layer-call.ts";
import { Lines } from "./lines.ts";
import { pythonName } from "./python.ts";
import { Sources } from "./sources.ts";
import { TorchExportError } from "./torch-export-error.ts";
import type { TorchLayer } from "./torch-layer.ts";
import { torchLayer } from "./torch-layers.ts";
import { torchOps } from "./torch-ops.ts";
import { madeBy, readBy, usedBy, valuesIn } from "./values-in.ts";
import type { WritingContext } from "./writing-context.ts";

/** The `forward` of a module. */
export interface WrittenForward {
  readonly params: readonly string[];
  readonly lines: readonly CodeLine[];
  readonly outputs: readonly PythonTensor[];
  /** The tables that it reads, by the names of their fields. */
  readonly constants: ReadonlyMap<string, string>;
}

/** The length at which an expression is taken apart. */
const longest = 68;

type Item = TracedNode | TracedCall;

/** Writes one `forward`, line by line. */
export class ForwardWriter {
  readonly #context: WritingContext;
  readonly #call: TracedCall;
  readonly #inputs: readonly PythonTensor[];
  readonly #sources: Sources;
  readonly #lines: Lines;
  readonly #items: readonly Item[];
  #dropping: { readonly accessor: string; readonly value: string } | null = null;

  /** @param inputs what `forward` is called with, for the order of its axes */
  constructor(context: WritingContext, call: TracedCall, inputs: readonly PythonTensor[]) {
    this.#context = context;
    this.#call = call;
    this.#inputs = inputs;
    const sources = new Sources(
      context,
      call,
      call.inputs.flatMap(valuesIn),
      inputs.map(({ axes }) => axes),
    );
    this.#sources = sources;
    this.#lines = new Lines({
      attends: call.type.includes("Attention"),
      isReserved: (name) => sources.params.includes(name) || sources.isSize(name),
      isSize: (name) => sources.isSize(name),
      shape: (value) => sources.shape(value),
    });
    const items = this.#needed(this.#flat(call.body));
    this.#items = joinMeans(items, context.traced.values, valuesIn(call.output));
  }

  /** Writes the lines; of the model itself with the names of its inputs, and sequences as they are with us. */
  write(isRoot: boolean): WrittenForward {
    const names = this.#call.inputs.flatMap(valuesIn);
    for (const [i, label] of this.#labels(names, isRoot).entries()) {
      const { axes } = this.#inputs[i] as PythonTensor;
      this.#sources.params.push(label);
      this.#lines.set(names[i] as string, pythonTensor(label, axes.length, [], { axes, reads: [label] }));
    }
    const [first] = names;
    if (first !== undefined) this.#lines.know(first, this.#value(first));
    for (const [i, item] of this.#items.entries()) this.#item(item, this.#items[i + 1]);
    const given = valuesIn(this.#call.output).map((name) => this.#value(name));
    const outputs = isRoot ? given.map((y) => (y.axes.length === 3 ? reordered(y, "ours") : y)) : given;
    this.#return(outputs, isRoot);
    const body = this.#lines.written.map(({ code }) => code).join("\n");
    return {
      params: this.#sources.params,
      lines: [...this.#sources.sizeLines(body), ...this.#lines.written],
      outputs,
      constants: this.#sources.constants,
    };
  }

  #return(outputs: readonly PythonTensor[], isRoot: boolean): void {
    const { output } = this.#call;
    const names = valuesIn(output);
    const codes = outputs.map((y) => (y.lead === null ? y.code : ours(y)));
    const [only] = names;
    if (isRoot && output.kind === "record" && names.length > 1) {
      const fields = this.#context.traced.outputs.map(({ name }, i) => `"${name}": ${codes[i]}`);
      this.#lines.written.push({ code: `return {${fields.join(", ")}}`, comment: "" });
    } else if (names.length === 1 && only !== undefined)
      this.#lines.giveBack(only, outputs[0] as PythonTensor, codes[0] as string);
    else this.#lines.written.push({ code: `return ${codes.join(", ")}`, comment: "" });
  }

  #labels(names: readonly string[], isRoot: boolean): readonly string[] {
    const taken = new Set<string>();
    const fields = this.#call.inputs.flatMap((input) => fieldNames(input, ""));
    return names.map((name, i) => {
      const wanted = pythonName(fields[i] || (isRoot && name !== "input" ? name : "x"));
      let label = wanted;
      for (let k = 2; taken.has(label); k++) label = `${wanted}${k}`;
      taken.add(label);
      return label;
    });
  }

  /** The items of a body, with those of modules that are only functions in slot of their calls. */
  #flat(body: readonly Item[]): readonly Item[] {
    return body.flatMap((item) =>
      item.kind === "call" && torchLayer(item.module) === null && !this.#context.isClass(item.module)
        ? this.#flat(item.body)
        : [item],
    );
  }

  /** Leaves out what the output does not depend on, and counts the uses of every value. */
  #needed(items: readonly Item[]): readonly Item[] {
    for (const name of valuesIn(this.#call.output)) this.#lines.use(name);
    const kept: Item[] = [];
    for (const item of items.toReversed()) {
      if (!madeBy(item).some((name) => this.#lines.left(name) > 0)) continue;
      kept.push(item);
      for (const name of usedBy(item)) this.#lines.use(name);
    }
    return kept.toReversed();
  }

  #item(item: Item, next: Item | undefined): void {
    const dropped = item.kind === "node" ? this.#dropped(item) : null;
    const used = usedBy(item);
    const inputs = used.map((name) => this.#value(name));
    for (const name of used) this.#lines.done(name);
    if (dropped !== null) {
      const x = inputs[0] as PythonTensor;
      const y = { ...x, code: `${dropped}(${ordering(x, "any")})`, isAtom: true, calls: true };
      this.#lines.settle(madeBy(item), [y], inputs, next, "");
      this.#dropping = null;
    } else if (item.kind === "node") this.#node(item, inputs, next);
    else this.#module(item, inputs, next);
  }

  /** The accessor of the dropout whose output this node marks. */
  #dropped({ op, inputs }: TracedNode): string | null {
    return op === "Multiply" && this.#dropping !== null && inputs["a"] === this.#dropping.value
      ? this.#dropping.accessor
      : null;
  }

  #node(node: TracedNode, inputs: readonly PythonTensor[], next: Item | undefined): void {
    const write = torchOps.get(node.op);
    const error = (why: string) =>
      new TorchExportError(
        `toTorch: ${node.op} in ${node.type}${node.path === "" ? "" : ` at ${node.path}`}: ${why}.`,
      );
    if (write === undefined) throw error("there is no form for this op in PyTorch");
    const byName = new Map(readBy(node).map(([name], i) => [name, inputs[i] as PythonTensor]));
    const results = write({
      node,
      inputs,
      input: (name) => byName.get(name) ?? fail(error(`it has no input ${name}`)),
      shape: (value) => this.#sources.shape(value),
      size: (size) => this.#sources.size(size),
      support: this.#context.support,
      device: this.#sources.device,
      table: (numbers) => this.#sources.table(numbers),
      error,
    });
    const all = [results].flat() as PythonTensor[];
    const long = all.some(({ code }) => code.length > longest) ? longestOf(inputs) : -1;
    if (long === -1) this.#lines.settle(node.outputs, all, inputs, next, "");
    else {
      const name = usedBy(node)[long] as string;
      this.#node(node, this.#lines.take(inputs, long, name), next);
    }
  }

  #module(call: TracedCall, inputs: readonly PythonTensor[], next: Item | undefined): void {
    const { module } = call;
    const layer = torchLayer(module);
    if (layer === null) this.#class(call, inputs, next);
    else if (layer.drops === true) this.#drop(call, layer, inputs);
    else if (module.constructor.name !== "Identity") this.#layer(call, layer, inputs, next);
  }

  /** A module that is a class of the file. */
  #class(call: TracedCall, inputs: readonly PythonTensor[], next: Item | undefined): void {
    const accessor = this.#sources.accessor(call.module);
    const given = inputs.map(plain);
    const outputs = this.#context.write(call, given);
    const code = `${accessor}(${given.map((x) => x.code).join(", ")})`;
    const results = outputs.map((y) => ({
      ...pythonTensor(code, y.axes.length, inputs),
      axes: y.axes,
      calls: true,
    }));
    this.#lines.settle(madeBy(call), results, inputs, next, accessor);
  }

  /** Dropout: what follows in the trace marks where its output is used. */
  #drop(call: TracedCall, { order }: TorchLayer, inputs: readonly PythonTensor[]): void {
    const [value = ""] = madeBy(call);
    this.#dropping = { accessor: this.#sources.accessor(call.module), value };
    const [x] = inputs as [PythonTensor];
    const isPicture = order === "first" || x.axes.length > 3;
    const y = reordered(x, isPicture ? "first" : "ours");
    if (isMoved(x, y)) this.#lines.set(value, { ...y, code: `${y.code}.contiguous()` }); // masks are drawn in memory's order
  }

  #layer(call: TracedCall, layer: TorchLayer, inputs: readonly PythonTensor[], next: Item | undefined): void {
    const accessor = this.#sources.accessor(call.module);
    const made = madeBy(call);
    const rank = this.#sources.shape(made[0] as string).length;
    const { order, axes, lead } = layerAxes(call, layer, inputs[0] as PythonTensor, rank);
    const code = layerCall(call, accessor, inputs, {
      order,
      value: (name) => this.#value(name),
      isUsed: (name) => this.#lines.left(name) > 0,
      dtype: (name) => this.#context.traced.values.get(name)?.dtype ?? "",
      support: this.#context.support,
    });
    const long = code.length > longest && inputs.length > 1 ? longestOf(inputs) : -1;
    if (long !== -1) {
      this.#layer(call, layer, this.#lines.take(inputs, long, usedBy(call)[long] as string), next);
      return;
    }
    const results = made.map(() => pythonTensor(code, rank, inputs, { axes, lead, calls: true }));
    this.#lines.settle(made, results, inputs, next, accessor);
  }

  #value(name: string): PythonTensor {
    return this.#lines.get(name) ?? this.#sources.value(name);
  }
}

/** The names of the fields that hold the values of a structure. */
function fieldNames(structure: TracedStructure, name: string): readonly string[] {
  return structure.kind === "record"
    ? Object.entries(structure.fields).flatMap(([field, at]) => fieldNames(at, field))
    : valuesIn(structure).map(() => name);
}

/** Which input is the longest expression, or -1 if all are names. */
function longestOf(inputs: readonly PythonTensor[]): number {
  const lengths = inputs.map(({ code, number, sequence }) =>
    number !== null || sequence !== null || /^[\w.]+$/.test(code) ? 0 : code.length,
  );
  const most = Math.max(...lengths);
  return most === 0 ? -1 : lengths.indexOf(most);
}

function fail(error: Error): never {
  throw error;
}
