import type {
  FreeSize,
  HostTensor,
  Module,
  TracedCall,
  TracedConstant,
  TracedSize,
} from "@pellucid/core-train";
import { type PythonTensor, pythonTensor } from "./python-tensor.ts";
import { literal, real, tuple, upTo } from "./python.ts";
import { identity, type PythonSlot } from "./python-tree.ts";
import { MissingSizeError } from "./missing-size-error.ts";
import { TorchExportError } from "./torch-export-error.ts";
import type { WritingContext } from "./writing-context.ts";

/** What a `forward` reads that no line of it has made: fields, numbers and sizes. */
export class Sources {
  /** The parameters of the `forward`. */
  readonly params: string[] = [];
  /** The tables that it reads, by the names of their fields. */
  readonly constants = new Map<string, string>();
  readonly #context: WritingContext;
  readonly #call: TracedCall;
  readonly #sizes = new Map<string, string>();
  readonly #given: readonly string[];
  readonly #axes: readonly (readonly number[])[];

  /**
   * @param given the values that `forward` is called with
   * @param axes the order of the axes of each
   */
  constructor(
    context: WritingContext,
    call: TracedCall,
    given: readonly string[],
    axes: readonly (readonly number[])[],
  ) {
    this.#context = context;
    this.#call = call;
    this.#given = given;
    this.#axes = axes;
  }

  /** A parameter, a buffer or a constant. */
  value(name: string): PythonTensor {
    const value = this.#context.traced.values.get(name);
    if (value === undefined)
      throw new TorchExportError(`toTorch: ${this.#call.type} reads ${name}, which is not in the trace.`);
    if (value.kind === "constant") return this.#constant(value);
    if (value.kind === "parameter" || value.kind === "buffer") {
      const slot = this.#own(this.#context.tree.variables.get(value.tensor) ?? [], name);
      return pythonTensor(this.#path(slot), slot.axes.length, [], { axes: slot.axes });
    }
    throw new TorchExportError(
      `toTorch: ${this.#call.type}${this.#where} reads ${name}, which is not passed to it.`,
    );
  }

  /** Where the tensors that it makes are. */
  get device(): string {
    return `${this.params[0] ?? "x"}.device`;
  }

  /** `self.conv1` */
  accessor(module: Module): string {
    const slots = this.#context.tree.modules.get(module);
    if (slots === undefined)
      throw new TorchExportError(`toTorch: ${module.constructor.name} is not a field of the model.`);
    return this.#path(this.#own(slots, module.constructor.name));
  }

  /** The field that holds integers. */
  table(numbers: readonly number[]): string {
    return this.#table({ data: Int32Array.from(numbers), shape: [numbers.length] });
  }

  #table(table: HostTensor): string {
    const key = this.#context.table(table);
    this.constants.set(key, key);
    return `self.${key}`;
  }

  /** The shape of a value, with names of free sizes. */
  shape(name: string): readonly (number | string)[] {
    return this.#context.traced.values.get(name)?.shape ?? [];
  }

  /** Whether a name is that of a size. */
  isSize(name: string): boolean {
    return this.#sizes.has(name);
  }

  /** The lines at the top that name the sizes which a body reads. */
  sizeLines(body: string): readonly { readonly code: string; readonly comment: string }[] {
    return [...this.#sizes]
      .filter(([name]) => new RegExp(`\\b${name}\\b`).test(body))
      .map(([name, code]) => ({ code: `${name} = ${code}`, comment: "" }));
  }

  /** The code of a size: a number, a name at the top of `forward`, or a formula of these. */
  size(size: TracedSize): string {
    if (typeof size === "number") return literal(size);
    const symbol = this.#symbol(size);
    if (this.#found(symbol) !== undefined) return this.#named(symbol);
    const factors = size.of.map(({ value, axis }) => this.#named(String(this.shape(value)[axis])));
    const product = [...(size.times === 1 ? [] : [String(size.times)]), ...factors].join(" * ");
    const sum = size.add === 0 ? product : `${product} ${size.add < 0 ? "-" : "+"} ${Math.abs(size.add)}`;
    if (size.over === 1) return sum;
    return `${/ /.test(sum) ? `(${sum})` : sum} // ${size.over}`;
  }

  /** A size as shapes have it: `height/2`, `(height+1)/2`. */
  #symbol({ of, times, add, over }: FreeSize): string {
    const names = of.map(({ value, axis }) => String(this.shape(value)[axis]));
    const product = [...(times === 1 ? [] : [times]), ...names].join("*");
    const sum = add === 0 ? product : `${product}${add > 0 ? "+" : ""}${add}`;
    if (over === 1) return sum;
    return add === 0 ? `${sum}/${over}` : `(${sum})/${over}`;
  }

  /** `height / 2` with every name of a free axis defined at the top; where inputs have this size or its factors, by names of those. */
  #named(symbol: string): string {
    const names = symbol.match(/[A-Za-z_]\w*/g) ?? [];
    if (names.every((name) => this.#found(name) !== undefined)) {
      const code = symbol.replaceAll("/", " // ").replaceAll(/[*+-]/g, " $& ");
      for (const name of names) this.#define(name, name);
      return / /.test(code) ? `(${code})` : code;
    }
    if (this.#found(symbol) !== undefined) return this.#defined(symbol);
    const code = this.#product(symbol);
    if (code !== null) return code;
    throw new MissingSizeError(
      this.#call.module,
      `toTorch: ${this.#call.type}${this.#where} needs the size ${symbol}, which none of its inputs has.`,
    );
  }

  /** The name at the top of a size that an input has. */
  #defined(symbol: string): string {
    const [base = "size"] = symbol.match(/[A-Za-z_]\w*/) ?? [];
    let name = base;
    for (let k = 2; this.#isOther(name, symbol); k++) name = `${base}${k}`;
    this.#define(name, symbol);
    return name;
  }

  /** `height*width/4` of `height/2` and `width/2`. */
  #product(symbol: string): string | null {
    const wanted = monomial(symbol);
    if (wanted === null) return null;
    const sizes = this.#given.flatMap((value) =>
      this.shape(value).filter((size) => typeof size === "string"),
    );
    const found = wanted.names.map((name) => {
      const size = sizes.find((one) => String(monomial(one)?.names) === name);
      return size === undefined ? null : { size, factor: monomial(size)?.factor ?? 1 };
    });
    if (found.some((one) => one === null)) return null;
    const parts = found as readonly { readonly size: string; readonly factor: number }[];
    const rest = wanted.factor / parts.reduce((product, { factor }) => product * factor, 1);
    const code = parts.map(({ size }) => this.#defined(size)).join(" * ");
    if (rest === 1) return parts.length === 1 ? code : `(${code})`;
    if (Number.isInteger(rest)) return `(${rest} * ${code})`;
    return Number.isInteger(1 / rest) ? `(${code} // ${1 / rest})` : null;
  }

  /** Whether a name stands for another size. */
  #isOther(name: string, symbol: string): boolean {
    const known = this.#sizes.get(name);
    return this.params.includes(name) || (known !== undefined && known !== this.#codeOf(symbol));
  }

  #define(name: string, symbol: string): void {
    if (!this.#sizes.has(name)) this.#sizes.set(name, this.#codeOf(symbol));
  }

  #codeOf(symbol: string): string {
    const { i, axis } = this.#found(symbol) as { i: number; axis: number };
    const axes = this.#axes[i] ?? identity(this.shape(this.#given[i] as string).length);
    return `${this.params[i]}.shape[${axes[axis]}]`;
  }

  /** The input and the axis that have a size. */
  #found(symbol: string): { readonly i: number; readonly axis: number } | undefined {
    return this.#given
      .map((value, i) => ({ i, axis: this.shape(value).indexOf(symbol) }))
      .find(({ axis }) => axis !== -1);
  }

  get #where(): string {
    return this.#call.path === "" ? "" : ` at ${this.#call.path}`;
  }

  /** The slot that is within this module: what several modules share is in each. */
  #own(slots: readonly PythonSlot[], what: string): PythonSlot {
    const own = this.#steps;
    const slot = slots.find(({ steps }) => own.every((step, i) => steps[i] === step));
    if (slot === undefined)
      throw new TorchExportError(`toTorch: ${this.#call.type}${this.#where} uses ${what} of another module.`);
    return slot;
  }

  #path({ steps }: PythonSlot): string {
    return `self${steps.slice(this.#steps.length).join("")}`;
  }

  get #steps(): readonly string[] {
    return this.#context.tree.modules.get(this.#call.module)?.[0]?.steps ?? [];
  }

  #constant(value: TracedConstant): PythonTensor {
    const { content, shape, dtype } = value;
    const rank = shape.length;
    const write = (n: number) =>
      dtype === "bool" ? literal(n !== 0) : dtype === "float32" ? real(n) : literal(n);
    const of = dtype === "float32" ? "" : `, dtype=torch.${dtype === "bool" ? "bool" : "int64"}`;
    if (content.kind === "size")
      return pythonTensor(this.size(content.size), rank, [], { number: Number.NaN });
    if (content.kind === "filled") {
      const sizes = tuple(content.shape.map((n) => this.size(n)));
      return pythonTensor(
        `torch.full(${sizes}, ${write(content.fill)}${of}, device=${this.device})`,
        rank,
        [],
        {
          number: content.fill,
        },
      );
    }
    if (content.kind === "range") {
      const count = content.shape.find((n) => n !== 1) ?? 1;
      const [start, step] = [this.size(content.start), literal(content.step)];
      const end =
        start === "0" && step === "1"
          ? this.size(count)
          : `${start}, ${start} + ${this.size(count)} * ${step}, ${step}`;
      const line = `torch.arange(${end}${dtype === "float32" ? ", dtype=torch.float32" : ""}, device=${this.device})`;
      return pythonTensor(
        rank === 1 ? line : `${line}.reshape(${content.shape.map((n) => (n === 1 ? "1" : "-1")).join(", ")})`,
        rank,
        [],
      );
    }
    if (content.data.length === 0) return pythonTensor("None", rank, []);
    const [only] = content.data;
    if (content.kind === "fixed" && content.data.length === 1 && only !== undefined)
      return pythonTensor(literal(only), rank, [], { number: only });
    const sizes = content.kind === "cropped" ? content.from : shape.map(Number);
    const table = this.#table({ data: content.data, shape: sizes });
    const field = dtype === "bool" ? `${table}.bool()` : table;
    if (content.kind === "fixed") return pythonTensor(field, rank, []);
    const parts = content.shape.map((n, i) => (n === content.from[i] ? ":" : upTo(this.size(n))));
    while (parts.at(-1) === ":") parts.pop();
    return pythonTensor(parts.length === 0 ? field : `${field}[${parts.join(", ")}]`, rank, []);
  }
}

/** `2*height*width/4` as a factor of names; `null` if it is not one. */
function monomial(symbol: string): { readonly factor: number; readonly names: readonly string[] } | null {
  const found = /^(?:(\d+)\*)?([A-Za-z_]\w*(?:\*[A-Za-z_]\w*)*)(?:\/(\d+))?$/.exec(symbol);
  if (found === null) return null;
  const [, times = "1", names = "", over = "1"] = found;
  return { factor: Number(times) / Number(over), names: names.split("*") };
}
