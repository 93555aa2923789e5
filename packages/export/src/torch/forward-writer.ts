import {
  type Module,
  type Trace,
  type TracedCall,
  type TracedConstant,
  type TracedNode,
  type TracedSize,
  type TracedStructure,
} from "@pellucid/core-train";
import type { CodeLine } from "./class-draft.ts";
import { channelsFirst, type Held, held, ordered, ours, torchShape } from "./held.ts";
import { isName, literal, pythonName, real, tuple } from "./python.ts";
import { identity, type PythonTree } from "./python-tree.ts";
import { TorchExportError } from "./torch-export-error.ts";
import { torchLayer } from "./torch-layers.ts";
import { torchOps } from "./torch-ops.ts";

/** What all forwards of a file share. */
export interface WritingContext {
  readonly traced: Trace;
  readonly tree: PythonTree;
  /** Whether a module is a class of the file: it is neither of `torch.nn` nor only a function. */
  readonly isClass: (module: Module) => boolean;
  /** Writes the `forward` of another module for arguments whose axes are given; returns the axes of what it gives. */
  readonly write: (call: TracedCall, inputs: readonly Held[]) => readonly Held[];
  /** The function of this name at the top of the file. */
  readonly support: (name: string) => string;
  /** A table of numbers of the file; returns its key. */
  readonly table: (content: TracedConstant) => string;
}

/** The `forward` of a module. */
export interface WrittenForward {
  readonly params: readonly string[];
  readonly lines: readonly CodeLine[];
  readonly outputs: readonly Held[];
  /** The tables that it reads, by the names of their fields. */
  readonly constants: ReadonlyMap<string, string>;
}

/** The length at which an expression is taken apart. */
const longest = 68;

type Item = TracedNode | TracedCall;

/** The names of the values of a structure, in order. */
export function valuesIn(structure: TracedStructure): readonly string[] {
  if (structure.kind === "value") return [structure.name];
  if (structure.kind === "list") return structure.items.flatMap(valuesIn);
  return structure.kind === "record" ? Object.values(structure.fields).flatMap(valuesIn) : [];
}

/** Writes one `forward`, line by line. */
export class ForwardWriter {
  readonly #context: WritingContext;
  readonly #call: TracedCall;
  readonly #env = new Map<string, Held>();
  readonly #left = new Map<string, number>();
  readonly #lines: CodeLine[] = [];
  readonly #sizes = new Map<string, string>();
  readonly #constants = new Map<string, string>();
  readonly #params: string[] = [];
  readonly #items: readonly Item[];
  #given: readonly string[] = [];

  constructor(context: WritingContext, call: TracedCall) {
    this.#context = context;
    this.#call = call;
    this.#items = this.#needed(this.#flat(call.body));
  }

  /** @param inputs what `forward` is called with, for the order of its axes */
  write(inputs: readonly Held[], isRoot: boolean): WrittenForward {
    const names = this.#call.inputs.flatMap(valuesIn);
    this.#given = names;
    const labels = this.#labels(names, isRoot);
    for (const [i, name] of names.entries()) {
      const { axes } = inputs[i] as Held;
      this.#params.push(labels[i] as string);
      this.#env.set(name, held(labels[i] as string, axes.length, [], { axes, reads: [labels[i] as string] }));
    }
    const [first] = names;
    if (first !== undefined) this.#lastComment = this.#comment(this.#env.get(first) as Held, first);
    for (const [i, item] of this.#items.entries()) this.#item(item, this.#items[i + 1]);
    const given = valuesIn(this.#call.output).map((name) => this.#value(name));
    const outputs = isRoot ? given.map((y) => (y.axes.length === 3 ? this.#reordered(y, "ours") : y)) : given;
    const codes = outputs.map((y) => (y.lead === null ? y.code : ours(y)));
    this.#return(codes, outputs, isRoot);
    const body = this.#lines.map(({ code }) => code).join("\n");
    const head = [...this.#sizes]
      .filter(([name]) => new RegExp(`\\b${name}\\b`).test(body))
      .map(([name, code]) => ({ code: `${name} = ${code}`, comment: "" }));
    return { params: this.#params, lines: [...head, ...this.#lines], outputs, constants: this.#constants };
  }

  #return(codes: readonly string[], outputs: readonly Held[], isRoot: boolean): void {
    const { output } = this.#call;
    const names = valuesIn(output);
    if (isRoot && output.kind === "record" && names.length > 1) {
      const fields = this.#context.traced.outputs.map(({ name }, i) => `"${name}": ${codes[i]}`);
      this.#lines.push({ code: `return {${fields.join(", ")}}`, comment: "" });
      return;
    }
    const [only] = names;
    const comment = names.length === 1 && only !== undefined ? this.#comment(outputs[0] as Held, only) : "";
    const last = this.#lines.at(-1);
    const [code = ""] = codes;
    if (names.length === 1 && last !== undefined && last.code.startsWith(`${code} = `) && isName(code)) {
      this.#lines.pop();
      this.#lines.push({ code: `return ${last.code.slice(code.length + 3)}`, comment: last.comment });
      return;
    }
    this.#lines.push({
      code: `return ${codes.join(", ")}`,
      comment: comment === this.#lastComment ? "" : comment,
    });
  }

  #labels(names: readonly string[], isRoot: boolean): readonly string[] {
    const taken = new Set<string>();
    const fields = this.#call.inputs.flatMap((input) =>
      input.kind === "record"
        ? Object.entries(input.fields).flatMap(([field, at]) => valuesIn(at).map(() => field))
        : valuesIn(input).map(() => ""),
    );
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
    const use = (name: string) => this.#left.set(name, (this.#left.get(name) ?? 0) + 1);
    for (const name of valuesIn(this.#call.output)) use(name);
    const kept: Item[] = [];
    for (const item of items.toReversed()) {
      const isUsed = this.#madeBy(item).some((name) => this.#left.has(name));
      if (!isUsed) continue;
      kept.push(item);
      for (const name of this.#usedBy(item)) use(name);
    }
    return kept.toReversed();
  }

  #madeBy(item: Item): readonly string[] {
    return item.kind === "node" ? item.outputs : valuesIn(item.output);
  }

  #usedBy(item: Item): readonly string[] {
    if (item.kind === "node") return Object.values(item.inputs);
    const values = item.inputs.flatMap(valuesIn);
    return isRecurrent(item) ? values.slice(0, 1) : values;
  }

  #item(item: Item, next: Item | undefined): void {
    const dropped = item.kind === "node" ? this.#dropped(item) : null;
    const used = this.#usedBy(item);
    const inputs = used.map((name) => this.#value(name));
    for (const name of used) this.#left.set(name, (this.#left.get(name) ?? 1) - 1);
    if (dropped !== null) {
      const x = inputs[0] as Held;
      this.#settle(
        item.kind === "node" ? item.outputs : [],
        [{ ...x, code: `${dropped}(${this.#inOrder(x, "any")})`, isAtom: true, calls: true }],
        inputs,
        next,
        "",
      );
      this.#dropping = null;
    } else if (item.kind === "node") this.#node(item, inputs, next);
    else this.#module(item, inputs, next);
  }

  #dropping: { readonly accessor: string; readonly value: string } | null = null;

  /** The accessor of the dropout whose output this node marks. */
  #dropped({ op, inputs }: TracedNode): string | null {
    return op === "Multiply" && this.#dropping !== null && inputs["a"] === this.#dropping.value
      ? this.#dropping.accessor
      : null;
  }

  #node(node: TracedNode, inputs: readonly Held[], next: Item | undefined): void {
    const write = torchOps.get(node.op);
    const error = (why: string) =>
      new TorchExportError(
        `toTorch: ${node.op} in ${node.type}${node.path === "" ? "" : ` at ${node.path}`}: ${why}.`,
      );
    if (write === undefined) throw error("there is no form for this op in PyTorch");
    const byName = new Map(Object.keys(node.inputs).map((name, i) => [name, inputs[i] as Held]));
    const results = write({
      node,
      inputs,
      input: (name) => byName.get(name) ?? fail(error(`it has no input ${name}`)),
      shape: (value) => this.#shape(value),
      size: (size) => this.#size(size),
      support: this.#context.support,
      error,
    });
    const all = [results].flat() as Held[];
    const long = all.some(({ code }) => code.length > longest) ? this.#longest(inputs) : -1;
    if (long !== -1) {
      this.#node(node, this.#written(inputs, long, Object.values(node.inputs)[long] as string), next);
      return;
    }
    this.#settle(node.outputs, all, inputs, next, "");
  }

  /** Which input is the longest expression, or -1 if all are names. */
  #longest(inputs: readonly Held[]): number {
    const lengths = inputs.map(({ code, number, sequence }) =>
      number !== null || sequence !== null || /^[\w.]+$/.test(code) ? 0 : code.length,
    );
    const most = Math.max(...lengths);
    return most === 0 ? -1 : lengths.indexOf(most);
  }

  /** Writes an input into a line of its own; what else reads the same variables stays as it is. */
  #written(inputs: readonly Held[], at: number, name: string): readonly Held[] {
    const x = inputs[at] as Held;
    const others = inputs.filter((_, i) => i !== at).flatMap(({ reads }) => reads);
    const live = this.#live();
    const again = x.reads.find((read) => !live.has(read) && !others.includes(read) && !this.#sizes.has(read));
    const target = again ?? this.#free("y", others);
    this.#push(`${target} = ${x.code}`, x, name);
    const written = {
      ...x,
      code: target,
      isAtom: true,
      reads: [target],
      calls: false,
      number: null,
      sequence: null,
    };
    return inputs.map((one, i) => (i === at || one === x ? written : one));
  }

  #module(call: TracedCall, inputs: readonly Held[], next: Item | undefined): void {
    const { module } = call;
    const layer = torchLayer(module);
    const accessor = this.#accessor(module);
    const made = valuesIn(call.output);
    if (layer === null) {
      const codes = inputs.map((x) =>
        x.lead === null ? x : { ...x, code: ours(x), lead: null, axes: identity(x.axes.length) },
      );
      const outputs = this.#context.write(call, codes);
      const code = `${accessor}(${codes.map((x) => x.code).join(", ")})`;
      const results = outputs.map((y) => ({
        ...held(code, y.axes.length, inputs),
        axes: y.axes,
        calls: true,
      }));
      this.#settle(made, results, inputs, next, accessor);
      return;
    }
    if (layer.drops === true) {
      const [value = ""] = made;
      this.#dropping = { accessor, value };
      const [x] = inputs as [Held];
      const isPicture = layer.order === "first" || x.axes.length > 3;
      const y = this.#reordered(x, isPicture ? "first" : "ours");
      const isMoved = x.lead === null && y.code !== x.code;
      if (isMoved) this.#env.set(value, { ...y, code: `${y.code}.contiguous()` }); // masks are drawn in memory's order
      this.#left.set(value, this.#left.get(value) ?? 0);
      return;
    }
    if (module.constructor.name === "Identity") return;
    const [x] = inputs as [Held];
    const isFlatten = module.constructor.name === "Flatten";
    const order = isFlatten && x.axes.length < 4 ? "ours" : layer.order;
    const rank = this.#shape(made[0] as string).length;
    const axes =
      order === "any" ? x.axes : order === "first" && !isFlatten ? channelsFirst(rank) : identity(rank);
    const lead = order === "any" ? x.lead : null;
    const code = this.#layerCall(call, accessor, x, order, inputs);
    const results = made.map(() => held(code, rank, inputs, { axes, lead, calls: true }));
    this.#settle(made, results, inputs, next, accessor);
  }

  #layerCall(
    call: TracedCall,
    accessor: string,
    x: Held,
    order: "first" | "ours" | "any",
    inputs: readonly Held[],
  ): string {
    const code = this.#inOrder(x, order);
    if (isRecurrent(call)) {
      const states = call.inputs.slice(1).flatMap(valuesIn);
      if (states.some((name) => this.#value(name).number !== 0))
        throw this.#refuse(call, "it begins with a state that is not 0");
      if (
        valuesIn(call.output)
          .slice(1)
          .some((name) => (this.#left.get(name) ?? 0) > 0)
      )
        throw this.#refuse(call, "its state is used");
      return `${accessor}(${code})[0]`;
    }
    if (call.module.constructor.name !== "MultiheadAttention") return `${accessor}(${code})`;
    const given = call.inputs[1];
    const fields = given?.kind === "record" ? given.fields : {};
    const host = given?.kind === "host" ? Object.keys(Object(given.value) as object) : [];
    const other = [...Object.keys(fields), ...host].filter((name) => name !== "key" && name !== "value");
    if (other.length > 0) throw this.#refuse(call, `it is called with ${other.join(", ")}`);
    const [query, key = code, value = key] = inputs.map(ours);
    return `${accessor}(${query}, ${key}, ${value}, need_weights=False)[0]`;
  }

  #refuse({ type, path }: TracedCall, why: string): TorchExportError {
    return new TorchExportError(`toTorch: ${type} at ${path}: ${why}, which is not written.`);
  }

  #inOrder(x: Held, order: "first" | "ours" | "any"): string {
    if (order === "any") return x.code;
    const plain = x.lead === null ? x : { ...x, code: ours(x), lead: null, axes: identity(x.axes.length) };
    return order === "first" ? ordered(plain, channelsFirst(x.axes.length)) : ours(plain);
  }

  #reordered(x: Held, order: "first" | "ours"): Held {
    const axes = order === "first" ? channelsFirst(x.axes.length) : identity(x.axes.length);
    return { ...x, code: this.#inOrder(x, order), axes, lead: null };
  }

  /** Keeps results as expressions where each is used once, and by what comes next if they call modules; otherwise writes lines. */
  #settle(
    names: readonly string[],
    results: readonly Held[],
    inputs: readonly Held[],
    next: Item | undefined,
    accessor: string,
  ): void {
    const [first] = results as [Held];
    const wanted = names.filter((name) => (this.#left.get(name) ?? 0) > 0);
    const distinct = new Set(
      results.filter((_, i) => wanted.includes(names[i] as string)).map(({ code }) => code),
    );
    if (wanted.length > 1 && distinct.size === 1) {
      const targets: string[] = [];
      const attends = names.length === 3 && this.#call.type.includes("Attention");
      for (const i of names.keys())
        targets.push(this.#free(attends ? (["q", "k", "v"][i] as string) : "part", targets));
      this.#push(`${targets.join(", ")} = ${first.code}`, first, names[0] as string);
      for (const [i, name] of names.entries()) this.#bind(name, targets[i] as string, results[i] as Held);
      return;
    }
    for (const [i, name] of names.entries()) {
      if (!wanted.includes(name)) continue;
      const y =
        names.length > 1 && distinct.size === 1 && results.length > 1 && first.code.includes("chunk(")
          ? { ...(results[i] as Held), code: `${first.code}[${i}]` }
          : (results[i] as Held);
      const once = this.#left.get(name) === 1;
      const isNext = next === undefined || this.#usedBy(next).includes(name);
      const isView = y.code === inputs[0]?.code && (once || isName(y.code));
      const isShort = y.code.length <= 44 || next === undefined;
      const forLayer = next?.kind === "call" && y.calls;
      if (isView || (once && y.sequence !== null) || (once && isShort && !forLayer && (isNext || !y.calls))) {
        this.#env.set(name, y);
        continue;
      }
      const target = this.#target(inputs, accessor);
      this.#push(`${target} = ${y.code}`, y, name);
      this.#bind(name, target, y);
    }
  }

  #bind(name: string, target: string, y: Held): void {
    this.#env.set(name, {
      ...y,
      code: target,
      isAtom: true,
      reads: [target],
      calls: false,
      number: null,
      sequence: null,
    });
  }

  #push(code: string, y: Held, name: string): void {
    const comment = this.#comment(y, name);
    this.#lines.push({ code, comment: comment === this.#lastComment ? "" : comment });
    this.#lastComment = comment;
  }

  #lastComment = "";

  #comment(y: Held, name: string): string {
    return `[${torchShape(y, this.#shape(name)).map(String).join(", ")}]`;
  }

  /** The variable of the first input that is not used any more, or a new one. */
  #target(inputs: readonly Held[], accessor: string): string {
    const live = this.#live();
    const again = inputs
      .flatMap(({ reads }) => reads)
      .find((read) => !live.has(read) && !this.#sizes.has(read));
    if (again !== undefined) return again;
    return this.#free(this.#hint(accessor), []);
  }

  /** A name for what a layer gives: `q` of `q_proj`; `y` where its name says nothing. */
  #hint(accessor: string): string {
    const last = /([A-Za-z_]\w*)"?\]?$/.exec(accessor.replace(/(\[\d+\])+$/, ""))?.[1] ?? "";
    if (last.endsWith("_proj")) return last.slice(0, -5);
    return /^(query|key|value|gate|up|down|skip|downsample|shortcut)$/.test(last) ? last : "y";
  }

  #free(wanted: string, taken: readonly string[]): string {
    const live = this.#live();
    const isTaken = (name: string) =>
      live.has(name) || taken.includes(name) || this.#params.includes(name) || this.#sizes.has(name);
    let name = wanted;
    for (let k = 2; isTaken(name); k++) name = `${wanted}${k}`;
    return name;
  }

  /** The variables that values still to be used are in. */
  #live(): ReadonlySet<string> {
    return new Set(
      [...this.#env].flatMap(([name, { reads }]) => ((this.#left.get(name) ?? 0) > 0 ? reads : [])),
    );
  }

  #value(name: string): Held {
    const known = this.#env.get(name);
    if (known !== undefined) return known;
    const value = this.#context.traced.values.get(name);
    if (value === undefined)
      throw new TorchExportError(`toTorch: ${this.#call.type} reads ${name}, which is not in the trace.`);
    if (value.kind === "constant") return this.#constant(value);
    if (value.kind === "parameter" || value.kind === "buffer") {
      const own = this.#context.tree.modules.get(this.#call.module)?.steps ?? [];
      const slots = this.#context.tree.variables.get(value.tensor) ?? [];
      const slot = slots.find(({ steps }) => own.every((step, i) => steps[i] === step));
      if (slot === undefined)
        throw new TorchExportError(
          `toTorch: ${this.#call.type} at ${this.#call.path} uses ${name} of another module.`,
        );
      return held(this.#path(slot.steps, name), slot.axes.length, [], { axes: slot.axes });
    }
    throw new TorchExportError(
      `toTorch: ${this.#call.type} at ${this.#call.path} reads ${name}, which is not passed to it.`,
    );
  }

  #accessor(module: Module): string {
    const slot = this.#context.tree.modules.get(module);
    if (slot === undefined)
      throw new TorchExportError(`toTorch: ${module.constructor.name} is not a field of the model.`);
    return this.#path(slot.steps, module.constructor.name);
  }

  #path(steps: readonly string[], what: string): string {
    const own = this.#context.tree.modules.get(this.#call.module)?.steps ?? [];
    if (own.some((step, i) => steps[i] !== step))
      throw new TorchExportError(
        `toTorch: ${this.#call.type} at ${this.#call.path} uses ${what} of another module.`,
      );
    return `self${steps.slice(own.length).join("")}`;
  }

  #constant(value: TracedConstant): Held {
    const { content, shape, dtype } = value;
    const rank = shape.length;
    const device = this.#params[0] ?? "x";
    const write = (n: number) =>
      dtype === "bool" ? literal(n !== 0) : dtype === "float32" ? real(n) : literal(n);
    const of = dtype === "float32" ? "" : `, dtype=torch.${dtype === "bool" ? "bool" : "int64"}`;
    if (content.kind === "size") return held(this.#size(content.size), rank, [], { number: Number.NaN });
    if (content.kind === "filled") {
      const sizes = tuple(content.shape.map((n) => this.#size(n)));
      return held(`torch.full(${sizes}, ${write(content.fill)}${of}, device=${device}.device)`, rank, [], {
        number: content.fill,
      });
    }
    if (content.kind === "range") {
      const count = content.shape.find((n) => n !== 1) ?? 1;
      const [start, step] = [this.#size(content.start), literal(content.step)];
      const end =
        start === "0" && step === "1"
          ? this.#size(count)
          : `${start}, ${start} + ${this.#size(count)} * ${step}, ${step}`;
      const line = `torch.arange(${end}${dtype === "float32" ? ", dtype=torch.float32" : ""}, device=${device}.device)`;
      return held(
        rank === 1 ? line : `${line}.reshape(${content.shape.map((n) => (n === 1 ? "1" : "-1")).join(", ")})`,
        rank,
        [],
      );
    }
    const [only] = content.data;
    if (content.kind === "fixed" && content.data.length === 1 && only !== undefined)
      return held(literal(only), rank, [], { number: only });
    const key = this.#context.table(value);
    this.#constants.set(key, key);
    const field = `self.${key}`;
    if (content.kind === "fixed") return held(field, rank, []);
    const parts = content.shape.map((n, i) => (n === content.from[i] ? ":" : `:${this.#size(n)}`));
    while (parts.at(-1) === ":") parts.pop();
    return held(parts.length === 0 ? field : `${field}[${parts.join(", ")}]`, rank, []);
  }

  #shape(name: string): readonly (number | string)[] {
    return this.#context.traced.values.get(name)?.shape ?? [];
  }

  /** The code of a size: a number, a name at the top of `forward`, or a formula of these. */
  #size(size: TracedSize): string {
    if (typeof size === "number") return literal(size);
    const factors = size.of.map(({ value, axis }) => this.#named(String(this.#shape(value)[axis])));
    const product = [...(size.times === 1 ? [] : [String(size.times)]), ...factors].join(" * ");
    const sum = size.add === 0 ? product : `${product} ${size.add < 0 ? "-" : "+"} ${Math.abs(size.add)}`;
    if (size.over === 1) return sum;
    return `${/ /.test(sum) ? `(${sum})` : sum} // ${size.over}`;
  }

  /** `height/2` with every name of a free axis defined at the top. */
  #named(symbol: string): string {
    const code = symbol.replaceAll("/", " // ");
    for (const name of code.match(/[A-Za-z_]\w*/g) ?? []) {
      if (this.#sizes.has(name)) continue;
      const found = this.#given
        .map((value, i) => ({ i, axis: this.#shape(value).indexOf(name), value }))
        .find(({ axis }) => axis !== -1);
      if (found === undefined)
        throw new TorchExportError(
          `toTorch: ${this.#call.type} at ${this.#call.path} needs the size ${symbol}, which none of its inputs has.`,
        );
      const input = this.#inputAxes[found.i] ?? identity(this.#shape(found.value).length);
      this.#sizes.set(name, `${this.#params[found.i]}.shape[${input[found.axis]}]`);
    }
    return / /.test(code) ? `(${code})` : code;
  }

  #inputAxes: readonly (readonly number[])[] = [];

  /** The order of the axes of the inputs, for sizes. */
  withAxes(inputs: readonly Held[]): this {
    this.#inputAxes = inputs.map(({ axes }) => axes);
    return this;
  }
}

function isRecurrent({ module }: TracedCall): boolean {
  return ["LSTM", "GRU", "RNN"].includes(module.constructor.name) && torchLayer(module) !== null;
}

function fail(error: Error): never {
  throw error;
}
