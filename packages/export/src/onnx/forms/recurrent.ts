import { type HostTensor, permute, type TracedNode } from "@pellucid/core-train";
import type { Held } from "../held.ts";
import { type Attribute, graphAttribute, graphProto, texts, valueInfo } from "../onnx-proto.ts";
import { NodeList } from "../node-list.ts";
import type { OnnxGraph } from "../onnx-graph.ts";
import { type Form, inputOf, outputOf, refused } from "./form.ts";

/** How ONNX has a recurrent layer. */
interface Layer {
  readonly op: "RNN" | "LSTM" | "GRU";
  /** Our gates in ONNX's order: `i, f, g, o` are `i, o, f, c` there; `r, z, n` are `z, r, h`. */
  readonly gates: readonly number[];
  /** The input that is added to the hidden state times its weights. */
  readonly bias?: string;
  readonly states: readonly string[];
  readonly attributes: (node: TracedNode) => Readonly<Record<string, Attribute>>;
}

/** A recurrent layer with its projection of the input, which is a layer before it in a trace. */
function recurrent({ op, gates, bias, states, attributes }: Layer): Form {
  return (graph, node) => {
    const out = outputOf(node);
    const z = graph.held(inputOf(node, "x"));
    const recurrence = graph.held(inputOf(node, "weight"));
    const hidden = recurrence.shape[0] as number;
    const linear = (z.flatOf ?? z).linear;
    const [x, weight] =
      linear?.weight.known === undefined
        ? [z, identity(gates.length * hidden)]
        : [linear.x, linear.weight.known];
    if (recurrence.known === undefined) throw refused(node, "its weights are computed from others");
    const ordered = (known: HostTensor): HostTensor => byGate(known, gates);
    const biases = biasesOf(node, linear?.weight.known === undefined ? null : linear.bias);
    if (bias !== undefined) biases[1] = knownBias(node, graph.held(inputOf(node, bias)));
    const zeros = { data: new Float32Array(gates.length * hidden), shape: [gates.length * hidden] };
    const both = [0, 1].map((side) => ordered(biases[side] ?? zeros));
    const b = {
      data: Float32Array.from(both.flatMap(({ data }) => [...data])),
      shape: [1, 2 * zeros.data.length],
    };
    const inputs = [
      graph.add("Transpose", [graph.last(x)], { perm: [1, 0, 2] }),
      graph.known(withFront(ordered(weight)), "float32", linear?.weight.name ?? `${out}.W`),
      graph.known(withFront(ordered(recurrence.known)), "float32", recurrence.name),
      graph.known(b, "float32", linear?.bias?.name ?? `${out}.B`),
      lengthsOf(graph, node, z),
      ...states.map((state) => initialState(graph, graph.held(inputOf(node, state)))),
    ];
    while (inputs.at(-1) === "") inputs.pop();
    const direction = node.attributes["reverse"] === true ? "reverse" : "forward";
    const names = [`${out}.Y`, ...states.map((state) => `${out}.Y_${state}`)];
    const made = graph.several(op, inputs, { hidden_size: hidden, direction, ...attributes(node) }, names);
    const squeezed = (name: string, axis: number): string => graph.add("Squeeze", [name, graph.ints([axis])]);
    graph.setLast(out, graph.add("Transpose", [squeezed(made[0] as string, 1)], { perm: [1, 0, 2] }, out));
    for (const [i] of states.entries()) {
      const name = node.outputs[i + 1] as string;
      graph.hold({ ...graph.about(name), make: () => squeezed(made[i + 1] as string, 0) });
    }
  };
}

/** `[in, gate · hidden]` or `[gate · hidden]` with the gates in another order, transposed: `[gate · hidden, in]`. */
function byGate(known: HostTensor, gates: readonly number[]): HostTensor {
  const { data, shape } = known.shape.length === 2 ? permute(known, [1, 0]) : known;
  const size = data.length / gates.length;
  const result = new Float32Array(data.length);
  for (const [to, from] of gates.entries())
    result.set(data.subarray(from * size, (from + 1) * size), to * size);
  return { data: result, shape };
}

const withFront = ({ data, shape }: HostTensor): HostTensor => ({ data, shape: [1, ...shape] });

function identity(size: number): HostTensor {
  const data = new Float32Array(size * size);
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return { data, shape: [size, size] };
}

/** The bias of the input, and that of the hidden state where both were added before. */
function biasesOf(node: TracedNode, bias: Held | null): (HostTensor | undefined)[] {
  if (bias === null) return [undefined, undefined];
  return bias.terms === undefined
    ? [knownBias(node, bias), undefined]
    : bias.terms.map((term) => knownBias(node, term));
}

function knownBias(node: TracedNode, { known, fill, shape }: Held): HostTensor {
  if (known !== undefined) return known;
  if (fill !== undefined)
    return { data: new Float32Array(shape[0] as number).fill(fill), shape: shape as number[] };
  throw refused(node, "its bias is computed from other parameters");
}

/** Nothing where every sequence has all time steps. */
function lengthsOf(graph: OnnxGraph, node: TracedNode, { name }: Held): string {
  const lengths = node.attributes["lengths"];
  if (!Array.isArray(lengths)) return "";
  const time = graph.baseSize(inputOf(node, "x"), 1);
  const given = (lengths as unknown[]).map((length) => (typeof length === "number" ? length : time));
  if (given.every((length) => length === time)) return "";
  return graph.known({ data: Int32Array.from(given), shape: [given.length] }, "int32", `${name}.lengths`);
}

function initialState(graph: OnnxGraph, state: Held): string {
  return state.fill === 0 ? "" : graph.add("Unsqueeze", [graph.last(state), graph.ints([0])]);
}

const sizes = (shape: readonly (number | string)[], axes: readonly number[]) =>
  axes.map((axis) => shape[axis] as number | string);

/** `h ← exp(Δ A) h + Δ u B`, `y = Σ C h`, as a loop over the time steps. */
const selectiveScan: Form = (graph, node) => {
  const [y = "", state = ""] = node.outputs;
  const names = ["u", "delta", "B", "C"] as const;
  const held = names.map((name) => graph.held(inputOf(node, name)));
  const initial = graph.held(inputOf(node, "initial"));
  const A = graph.last(inputOf(node, "A"));
  const [one, two] = [graph.ints([1]), graph.ints([2])];
  const body = new NodeList(graph.list.names);
  const taken = ["h", ...names].map((name) => body.names.unique(`${y}.${name}`));
  const [h = "", u = "", delta = "", B = "", C = ""] = taken;
  const column = body.add("Unsqueeze", [delta, two]);
  const kept = body.add("Mul", [body.add("Exp", [body.add("Mul", [column, A])]), h]);
  const driven = body.add("Unsqueeze", [body.add("Mul", [delta, u]), two]);
  const added = body.add("Mul", [driven, body.add("Unsqueeze", [B, one])]);
  const next = body.add("Add", [kept, added], {}, `${y}.next`);
  const seen = body.add("Mul", [next, body.add("Unsqueeze", [C, one])]);
  const read = body.add("ReduceSum", [seen, two], { keepdims: 0 }, `${y}.read`);
  const row = (name: string, shape: readonly (number | string)[]) => valueInfo(name, "float32", shape);
  const proto = graphProto(`${y}.step`, {
    nodes: body.messages,
    inputs: taken.map((name, i) =>
      row(name, i === 0 ? initial.shape : sizes((held[i - 1] as Held).shape, [0, 2])),
    ),
    outputs: [row(next, initial.shape), row(read, sizes((held[0] as Held).shape, [0, 2]))],
  });
  const attributes = {
    body: graphAttribute(proto),
    num_scan_inputs: 4,
    scan_input_axes: [1, 1, 1, 1],
    scan_output_axes: [1],
  };
  const inputs = [graph.last(initial), ...held.map((x) => graph.last(x))];
  const [last, all] = graph.several("Scan", inputs, attributes, [`${y}.last`, y]);
  graph.setLast(y, all as string);
  graph.setLast(state, last as string);
};

/** The layers over time. */
export const recurrentForms: Readonly<Record<string, Form>> = {
  PellucidLstm: recurrent({ op: "LSTM", gates: [0, 3, 1, 2], states: ["h", "c"], attributes: () => ({}) }),
  PellucidGru: recurrent({
    op: "GRU",
    gates: [1, 0, 2],
    bias: "bias",
    states: ["h"],
    attributes: () => ({ linear_before_reset: 1 }),
  }),
  PellucidRnn: recurrent({
    op: "RNN",
    gates: [0],
    states: ["h"],
    attributes: ({ attributes }) => ({
      activations: texts([attributes["nonlinearity"] === "relu" ? "Relu" : "Tanh"]),
    }),
  }),
  PellucidSelectiveScan: selectiveScan,
};
