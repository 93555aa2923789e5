import type { OnnxGraphFile, OnnxModelFile, OnnxNode } from "../read/read-model.ts";
import type { OnnxTensor } from "../read/read-tensor.ts";
import { bodiesOf } from "./check-graph.ts";
import { filterAxes, inOrder } from "./onnx-value.ts";

/** How a weight of a file is held. */
export interface WeightPlan {
  readonly tensor: OnnxTensor;
  /** A constant is a part of the graph: it is not trained and not in the state dict. */
  readonly kind: "parameter" | "buffer" | "constant";
  /** Our axis `i` is axis `axes[i]` of the file's: as the ops that use it have it, so that nothing is turned while it runs. */
  readonly axes: readonly number[];
}

/** Whether a tensor of floating-point numbers is trained; `null` for those of which the default decides. */
export type IsTrainable = (name: string, shape: readonly number[]) => boolean;

/** The inputs of ops that are their weights. */
const weightInputs: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2],
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  Einsum: [0, 1],
  GRU: [1, 2, 3],
  Gather: [0],
  Gemm: [0, 1, 2],
  GroupNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  LSTM: [1, 2, 3],
  LayerNormalization: [1, 2],
  MatMul: [0, 1],
  PRelu: [1],
  RNN: [1, 2, 3],
};

/** Other short tensors are constants, which the host reads: scales of a resize, bounds of a clip. */
const short = 16;

/** More integers than that are held by the backend. */
const many = 256;

interface Use {
  readonly node: OnnxNode;
  readonly input: number;
}

/** What becomes of each weight of a graph and of the graphs in it. */
export function weightPlans(
  { graph, metadata }: OnnxModelFile,
  isTrainable: IsTrainable | null,
): readonly WeightPlan[] {
  const graphs = [...allGraphs(graph)];
  const uses = new WeightUses(graphs);
  const isOurs = metadata.has("layout"); // toOnnx names what is no parameter so
  return graphs
    .flatMap((one) => one.initializers)
    .map((tensor): WeightPlan => {
      const { name, shape, dtype, data } = tensor;
      const own = inOrder(shape.length);
      if (dtype !== "float32") return { tensor, kind: data.length > many ? "buffer" : "constant", axes: own };
      const isConstant = isOurs && /^constant(_\d+)?$/.test(name);
      const isWeight = !isConstant && uses.isWeight(tensor);
      const kind = (isTrainable?.(name, shape) ?? isWeight) ? "parameter" : "buffer";
      if (kind === "buffer" && data.length <= short && !uses.isStatistic(name))
        return { tensor, kind: "constant", axes: own };
      return { tensor, kind, axes: axesFor(shape.length, uses.of(name)) };
    });
}

function* allGraphs(graph: OnnxGraphFile): Generator<OnnxGraphFile> {
  yield graph;
  for (const node of graph.nodes) for (const body of bodiesOf(node)) yield* allGraphs(body);
}

/** Which nodes use which values. */
class WeightUses {
  readonly #uses = new Map<string, Use[]>();
  readonly #makers = new Map<string, OnnxNode>();
  /** The values that weights alone give, such as a filter of a weight norm. */
  readonly #ofWeights = new Set<string>();

  constructor(graphs: readonly OnnxGraphFile[]) {
    for (const { initializers } of graphs) for (const { name } of initializers) this.#ofWeights.add(name);
    for (const node of graphs.flatMap(({ nodes }) => nodes)) {
      const isOfWeights = node.inputs.every((name) => name === "" || this.#ofWeights.has(name));
      for (const output of node.outputs) {
        this.#makers.set(output, node);
        if (isOfWeights) this.#ofWeights.add(output);
      }
      for (const [input, name] of node.inputs.entries()) {
        const before = this.#uses.get(name);
        if (before === undefined) this.#uses.set(name, [{ node, input }]);
        else before.push({ node, input });
      }
    }
  }

  of(name: string): readonly Use[] {
    return this.#uses.get(name) ?? [];
  }

  /** Whether a value is the running mean or variance of a batch norm. */
  isStatistic(name: string): boolean {
    return this.of(name).some(({ node, input }) => node.op === "BatchNormalization" && input > 2);
  }

  isWeight({ name, shape, data }: OnnxTensor): boolean {
    const isMask = data.length > 1 && data.every((x) => x === 0 || x === 1);
    return this.#reachesWeight(name, shape, isMask);
  }

  #reachesWeight(name: string, shape: readonly number[], isMask: boolean): boolean {
    const long = shape.filter((size) => size !== 1).length;
    return this.of(name).some(({ node, input }) => {
      const { op, inputs, outputs } = node;
      if (op === "InstanceNormalization" && this.#makers.get(inputs[0] ?? "")?.op === "Reshape") return false; // a group norm
      if (weightInputs[op]?.includes(input) === true) return true;
      const [output = ""] = outputs;
      if (this.#ofWeights.has(output)) {
        if (isMask && inputs.length > 1 && op === "Mul") return false;
        return this.#reachesWeight(output, shape, isMask);
      }
      const other = this.#makers.get(inputs[1 - input] ?? "")?.op;
      if (op === "Add" && shape.length === 1 && (other === "MatMul" || other === "Einsum")) return true;
      if (op === "Add" || op === "Mul") return long === 1;
      return op === "Concat" && long === 1 && shape.length > 1;
    });
  }
}

/** The order of axes in which the only op that uses a weight has it. */
function axesFor(rank: number, uses: readonly Use[]): readonly number[] {
  const [use] = uses;
  if (use === undefined || uses.length > 1 || use.input !== 1) return inOrder(rank);
  const { op, attributes } = use.node;
  if ((op === "Conv" || op === "ConvTranspose") && rank > 2) return filterAxes(rank);
  return op === "Gemm" && rank === 2 && attributes.get("transB") === 1 ? [1, 0] : inOrder(rank);
}
