import type { TracedCall, TracedNode, TracedStructure, TracedValue } from "@pellucid/core-train";
import type { GraphNode, ModelGraph } from "./model-graph.ts";

/** Ops that only change the shape, the order of axes or the kind of number. */
const shapeOnly = new Set(["Reshape", "ExpandDims", "Squeeze", "Transpose", "Cast", "Identity"]);

/** What tfjs calls otherwise than its functions are called. */
const functionOf: Readonly<Record<string, string>> = {
  BatchMatMul: "matMul",
  _FusedMatMul: "matMul",
  Multiply: "mul",
  RealDiv: "div",
  GatherV2: "gather",
  StridedSlice: "slice",
};

/** Collects the nodes and edges of a {@link ModelGraph} from the calls and ops of a trace, in the order in which they ran. */
export class GraphWalk {
  readonly #values: ReadonlyMap<string, TracedValue>;
  readonly #nodes: GraphNode[] = [];
  readonly #edges: (readonly [from: number, to: number])[] = [];
  /** The nodes that each value comes from. */
  readonly #sources = new Map<string, ReadonlySet<number>>();
  readonly #counted = new Set<object>();
  readonly #taken = new Map<string, number>();

  constructor(values: ReadonlyMap<string, TracedValue>) {
    this.#values = values;
  }

  /** Adds a tensor that goes in. */
  input(value: string, path: string): void {
    this.#add({ path, role: "input", kind: "Input", parameters: 0 }, [], [value]);
  }

  /** Adds what ran in a module. */
  parts(body: TracedCall["body"]): void {
    for (const part of body) {
      if (part.kind === "node") this.#op(part);
      else if (part.body.some(({ kind }) => kind === "call")) this.parts(part.body);
      else this.#layer(part);
    }
  }

  /** What was added. */
  found(): ModelGraph {
    return { nodes: this.#nodes, edges: this.#edges };
  }

  #layer({ path, type, module, body, output }: TracedCall): void {
    const ops = body.filter((part) => part.kind === "node");
    const inner = new Set(ops.flatMap(({ outputs }) => outputs));
    if (inner.size === 0) return;
    const outer = ops.flatMap(({ inputs }) => Object.values(inputs)).filter((value) => !inner.has(value));
    const parameters = this.#count([...module.namedParameters()].map(([, parameter]) => parameter));
    const outputs = valuesIn(output).filter((value) => inner.has(value));
    this.#add({ path, role: "layer", kind: type, parameters }, outer, [...outputs, ...inner]);
  }

  #op({ op, path, inputs, outputs }: TracedNode): void {
    const from = Object.values(inputs);
    const learned = from.flatMap((value) => {
      const found = this.#values.get(value);
      return found?.kind === "parameter" && found.tensor.trainable ? [found.tensor] : [];
    });
    const sources = this.#sourcesOf(from);
    if (learned.length === 0 && (sources.size === 0 || shapeOnly.has(op))) {
      for (const value of outputs) this.#sources.set(value, sources);
      return;
    }
    const name = op.replace(/^Pellucid/, "");
    const kind = functionOf[op] ?? name.charAt(0).toLowerCase() + name.slice(1);
    const about = { path: path === "" ? kind : `${path}.${kind}`, role: "op", kind } as const;
    this.#add({ ...about, parameters: this.#count(learned) }, from, outputs);
  }

  /** @param to the values that it computed, of which the first gives the shape */
  #add(about: Omit<GraphNode, "shape">, from: readonly string[], to: readonly string[]): void {
    const index = this.#nodes.length;
    const time = (this.#taken.get(about.path) ?? 0) + 1;
    this.#taken.set(about.path, time);
    const path = time === 1 ? about.path : `${about.path}#${time}`;
    const shape = this.#values.get(to[0] ?? "")?.sizes ?? [];
    this.#nodes.push({ ...about, path, shape });
    for (const source of [...this.#sourcesOf(from)].toSorted((a, b) => a - b))
      this.#edges.push([source, index]);
    for (const value of to) this.#sources.set(value, new Set([index]));
  }

  #sourcesOf(values: readonly string[]): ReadonlySet<number> {
    return new Set(values.flatMap((value) => [...(this.#sources.get(value) ?? [])]));
  }

  /** The size of parameters that no node before had. */
  #count(parameters: readonly { readonly size: number }[]): number {
    const fresh = [...new Set(parameters)].filter((parameter) => !this.#counted.has(parameter));
    for (const parameter of fresh) this.#counted.add(parameter);
    return fresh.reduce((sum, { size }) => sum + size, 0);
  }
}

function valuesIn(structure: TracedStructure): readonly string[] {
  if (structure.kind === "value") return [structure.name];
  if (structure.kind === "list") return structure.items.flatMap(valuesIn);
  return structure.kind === "record" ? Object.values(structure.fields).flatMap(valuesIn) : [];
}
