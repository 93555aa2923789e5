import type { TracedCall, TracedNode } from "@pellucid/core-train";
import type { CodeLine } from "./class-draft.ts";
import { type PythonTensor, torchShape } from "./python-tensor.ts";
import { isName } from "./python.ts";
import { usedBy } from "./values-in.ts";

/** What the lines of a `forward` need to know about it. */
export interface LinesOptions {
  /** Whether the module attends, so that three results are queries, keys and values. */
  readonly attends: boolean;
  /** Whether a name has a meaning in all of the `forward`: its parameters and sizes. */
  readonly isReserved: (name: string) => boolean;
  /** Whether a name is that of a size, which no line may write to. */
  readonly isSize: (name: string) => boolean;
  /** The shape of a value, with names of free sizes. */
  readonly shape: (value: string) => readonly (number | string)[];
}

/** The lines of a `forward`: results stay expressions where a reader can follow them, and get a line of their own otherwise. */
export class Lines {
  readonly written: CodeLine[] = [];
  readonly #options: LinesOptions;
  readonly #env = new Map<string, PythonTensor>();
  readonly #left = new Map<string, number>();
  #lastComment = "";

  constructor(options: LinesOptions) {
    this.#options = options;
  }

  /** What a value is now, or `undefined` if no line has made it. */
  get(name: string): PythonTensor | undefined {
    return this.#env.get(name);
  }

  /** Says what a value is, without a line. */
  set(name: string, x: PythonTensor): void {
    this.#env.set(name, x);
  }

  /** How many uses of a value are still to come. */
  left(name: string): number {
    return this.#left.get(name) ?? 0;
  }

  /** Counts one more use of a value. */
  use(name: string): void {
    this.#left.set(name, this.left(name) + 1);
  }

  /** Counts a use of a value as done. */
  done(name: string): void {
    this.#left.set(name, (this.#left.get(name) ?? 1) - 1);
  }

  /** Says the shape that the reader knows already. */
  know(name: string, x: PythonTensor): void {
    this.#lastComment = this.#comment(x, name);
  }

  /** Keeps results as expressions where each is used once, and by what comes next if they call modules; otherwise writes lines. */
  settle(
    names: readonly string[],
    results: readonly PythonTensor[],
    inputs: readonly PythonTensor[],
    next: TracedNode | TracedCall | undefined,
    accessor: string,
  ): void {
    const [first] = results as [PythonTensor];
    const wanted = names.filter((name) => this.left(name) > 0);
    const distinct = new Set(
      results.filter((_, i) => wanted.includes(names[i] as string)).map(({ code }) => code),
    );
    if (wanted.length > 1 && distinct.size === 1) {
      this.#settleTogether(names, results);
      return;
    }
    for (const [i, name] of names.entries()) {
      if (!wanted.includes(name)) continue;
      const y =
        names.length > 1 && distinct.size === 1 && results.length > 1 && isSplit(first.code)
          ? { ...(results[i] as PythonTensor), code: `${first.code}[${i}]` }
          : (results[i] as PythonTensor);
      const once = this.left(name) === 1;
      const isNext = next === undefined || usedBy(next).includes(name);
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

  /** `q, k, v = x.chunk(3, dim=-1)` */
  #settleTogether(names: readonly string[], results: readonly PythonTensor[]): void {
    const [first] = results as [PythonTensor];
    const targets: string[] = [];
    const attends = names.length === 3 && this.#options.attends;
    for (const i of names.keys())
      targets.push(this.#free(attends ? (["q", "k", "v"][i] as string) : "part", targets));
    this.#push(`${targets.join(", ")} = ${first.code}`, first, names[0] as string);
    for (const [i, name] of names.entries())
      this.#bind(name, targets[i] as string, results[i] as PythonTensor);
  }

  /** Writes an input into a line of its own; what else reads the same variables stays as it is. */
  take(inputs: readonly PythonTensor[], at: number, name: string): readonly PythonTensor[] {
    const x = inputs[at] as PythonTensor;
    const others = inputs.filter((_, i) => i !== at).flatMap(({ reads }) => reads);
    const live = this.#live();
    const again = x.reads.find(
      (read) => !live.has(read) && !others.includes(read) && !this.#options.isSize(read),
    );
    const target = again ?? this.#free("y", others);
    this.#push(`${target} = ${x.code}`, x, name);
    const written = named(x, target);
    return inputs.map((one, i) => (i === at || one === x ? written : one));
  }

  /** Ends a `forward` with one value: the last line returns it where that made it. */
  giveBack(name: string, y: PythonTensor, code: string): void {
    const last = this.written.at(-1);
    if (last !== undefined && last.code.startsWith(`${code} = `) && isName(code)) {
      this.written.pop();
      this.written.push({ code: `return ${last.code.slice(code.length + 3)}`, comment: last.comment });
      return;
    }
    const comment = this.#comment(y, name);
    this.written.push({ code: `return ${code}`, comment: comment === this.#lastComment ? "" : comment });
  }

  #bind(name: string, target: string, y: PythonTensor): void {
    this.#env.set(name, named(y, target));
  }

  #push(code: string, y: PythonTensor, name: string): void {
    const comment = this.#comment(y, name);
    this.written.push({ code, comment: comment === this.#lastComment ? "" : comment });
    this.#lastComment = comment;
  }

  #comment(y: PythonTensor, name: string): string {
    const sizes = torchShape(y, this.#options.shape(name)).map(String);
    return `[${sizes.map((size) => (size.includes(".") ? "n" : size)).join(", ")}]`;
  }

  /** The variable of the first input that is not used any more, or a new one. */
  #target(inputs: readonly PythonTensor[], accessor: string): string {
    const live = this.#live();
    const again = inputs
      .flatMap(({ reads }) => reads)
      .find((read) => !live.has(read) && !this.#options.isSize(read));
    return again ?? this.#free(hint(accessor), []);
  }

  #free(wanted: string, taken: readonly string[]): string {
    const live = this.#live();
    const isTaken = (name: string) =>
      live.has(name) || taken.includes(name) || this.#options.isReserved(name);
    let name = wanted;
    for (let k = 2; isTaken(name); k++) name = `${wanted}${k}`;
    return name;
  }

  /** The variables that values still to be used are in. */
  #live(): ReadonlySet<string> {
    return new Set([...this.#env].flatMap(([name, { reads }]) => (this.left(name) > 0 ? reads : [])));
  }
}

/** A tensor that is in a variable. */
function named(x: PythonTensor, code: string): PythonTensor {
  return { ...x, code, isAtom: true, reads: [code], calls: false, number: null, sequence: null };
}

/** Whether an expression gives several tensors. */
function isSplit(code: string): boolean {
  return /\.(chunk|split|unbind)\([^()]*\)$/.test(code);
}

/** A name for what a layer gives: `q` of `q_proj`; `y` where its name says nothing. */
function hint(accessor: string): string {
  const last = /([A-Za-z_]\w*)"?\]?$/.exec(accessor.replace(/(\[\d+\])+$/, ""))?.[1] ?? "";
  if (last.endsWith("_proj")) return last.slice(0, -5);
  return /^(query|key|value|gate|up|down|skip|downsample|shortcut)$/.test(last) ? last : "y";
}
