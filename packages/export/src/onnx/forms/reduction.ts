import { axisInFirst } from "../held.ts";
import { alongAxes } from "./along-axes.ts";
import { axesOf, type Form, inputOf, isOnlyFirst, numberOf, outputOf } from "./form.ts";
import { reduceNode } from "./reduce-node.ts";

/** A reduction over axes; a mean over height and width of channels first needs no transpose. */
function reduce(op: string, names: { readonly axes?: string; readonly keep?: string } = {}): Form {
  const { axes: axesName = "axis", keep: keepName = "keepDims" } = names;
  return (graph, node) => {
    const out = outputOf(node);
    const x = graph.held(inputOf(node, "x"));
    const rank = x.shape.length;
    const axes = axesOf(node, axesName, rank);
    const keepdims = node.attributes[keepName] === true || rank === 0 ? 1 : 0;
    const isBool = x.dtype === "bool";
    const write = (input: string, along: readonly number[]): string => {
      const numbers = isBool ? graph.add("Cast", [input], { to: 6 }) : input;
      const name = isBool ? undefined : out;
      const y = reduceNode(graph, op, numbers, along, keepdims, name);
      return isBool ? graph.add("Cast", [y], { to: 9 }, out) : y;
    };
    const spatial = rank > 2 && axes.length === rank - 2 && axes.every((axis) => axis > 0 && axis < rank - 1);
    if (!isOnlyFirst(x) || !spatial) {
      graph.setLast(out, write(graph.last(x), axes));
      return;
    }
    const made = write(
      graph.first(x),
      axes.map((axis) => axisInFirst(axis, rank)),
    );
    if (keepdims === 1) graph.setFirst(out, made);
    else graph.setLast(out, made);
  };
}

function softmax(op: string, axisName: string): Form {
  return (graph, node) => {
    const x = inputOf(node, "x" in node.inputs ? "x" : "logits");
    const rank = graph.held(x).shape.length;
    const [axis = 0] = axisName in node.attributes ? axesOf(node, axisName, rank) : [rank - 1];
    alongAxes(graph, node, x, (input, axisOf) =>
      graph.add(op, [input], { axis: axisOf(axis) }, outputOf(node)),
    );
  };
}

function argument(op: string): Form {
  return (graph, node) => {
    const x = graph.held(inputOf(node, "x"));
    const [axis = 0] = axesOf(node, "axis", x.shape.length);
    const found = graph.add(op, [graph.last(x)], { axis, keepdims: 0 });
    graph.setLast(outputOf(node), graph.add("Cast", [found], { to: 6 }, outputOf(node)));
  };
}

const cumsum: Form = (graph, node) => {
  const x = graph.held(inputOf(node, "x"));
  const [axis = 0] = axesOf(node, "axis", x.shape.length);
  const { exclusive, reverse } = node.attributes;
  const options = { exclusive: exclusive === true ? 1 : 0, reverse: reverse === true ? 1 : 0 };
  const out = outputOf(node);
  graph.setLast(out, graph.add("CumSum", [graph.last(x), graph.int64(axis)], options, out));
};

/** Ties go to the lower index, in ONNX too. */
const topk: Form = (graph, node) => {
  const [values = "", indices = ""] = node.outputs;
  const k = numberOf(node, "k");
  const x = graph.last(inputOf(node, "x"));
  const names = graph.several("TopK", [x, graph.ints([k])], { axis: -1 }, [values, `${indices}.int64`]);
  graph.setLast(values, names[0] as string);
  graph.setLast(indices, graph.add("Cast", [names[1] as string], { to: 6 }, indices));
};

const own = { axes: "axes", keep: "keepDims" };

/** The ops that reduce axes, or work along one. */
export const reductionForms: Readonly<Record<string, Form>> = {
  Sum: reduce("ReduceSum"),
  Mean: reduce("ReduceMean"),
  Max: reduce("ReduceMax", { axes: "reductionIndices" }),
  Min: reduce("ReduceMin"),
  Prod: reduce("ReduceProd"),
  All: reduce("ReduceMin"),
  Any: reduce("ReduceMax"),
  PellucidAmax: reduce("ReduceMax", own),
  PellucidAmin: reduce("ReduceMin", own),
  PellucidMax: reduce("ReduceMax"),
  PellucidMin: reduce("ReduceMin"),
  PellucidLogSumExp: reduce("ReduceLogSumExp", own),
  Softmax: softmax("Softmax", "dim"),
  LogSoftmax: softmax("LogSoftmax", "axis"),
  PellucidSoftmax: softmax("Softmax", "axis"),
  PellucidLogSoftmax: softmax("LogSoftmax", "axis"),
  ArgMax: argument("ArgMax"),
  ArgMin: argument("ArgMin"),
  Cumsum: cumsum,
  TopK: topk,
};
