import type { TracedNode } from "@pellucid/core-train";
import type { Held } from "../held.ts";
import { float } from "../onnx-proto.ts";
import type { OnnxGraph } from "../onnx-graph.ts";
import { formOf } from "./elementwise.ts";
import { type Form, inputOf, numberOf, outputOf } from "./form.ts";
import { reduceNode } from "./reduce-node.ts";

/** Writes an op that works row by row on the value that the rows are of, so that nothing is reshaped. */
function ofRows(
  graph: OnnxGraph,
  node: TracedNode,
  isFirst: (whole: Held) => boolean,
  write: (x: string, whole: Held, name: string) => string,
): void {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "x"));
  const whole = x.last === undefined ? (x.flatOf ?? x) : x;
  const first = isFirst(whole);
  const made = write(first ? graph.first(whole) : graph.last(whole), whole, out);
  const about = graph.about(out);
  if (whole !== x) graph.hold({ ...about, flatOf: formOf(out, whole, first, made) });
  else graph.hold(formOf(out, about, first, made));
}

const batchNorm: Form = (graph, node) => {
  const others = ["weight", "bias", "mean", "variance"].map((name) => graph.last(inputOf(node, name)));
  const epsilon = float(numberOf(node, "eps"));
  ofRows(
    graph,
    node,
    ({ shape }) => shape.length > 2,
    (x, _, name) => graph.add("BatchNormalization", [x, ...others], { epsilon }, name),
  );
};

const layerNorm: Form = (graph, node) => {
  const others = ["weight", "bias"].map((name) => graph.last(inputOf(node, name)));
  const attributes = { axis: -1, epsilon: float(numberOf(node, "eps")) };
  ofRows(
    graph,
    node,
    () => false,
    (x, _, name) => graph.add("LayerNormalization", [x, ...others], attributes, name),
  );
};

const rmsNorm: Form = (graph, node) => {
  const weight = graph.last(inputOf(node, "weight"));
  const eps = graph.scalar(numberOf(node, "eps"));
  ofRows(
    graph,
    node,
    () => false,
    (x, _, name) => {
      const mean = reduceNode(graph, "ReduceMean", graph.add("Mul", [x, x]), [-1], 1);
      const root = graph.add("Sqrt", [graph.add("Add", [mean, eps])]);
      return graph.add("Mul", [graph.add("Div", [x, root]), weight], {}, name);
    },
  );
};

/** As an instance norm of the groups, before the weights of the channels. */
const groupNorm: Form = (graph, node) => {
  const groups = numberOf(node, "groups");
  const epsilon = float(numberOf(node, "eps"));
  const ones = graph.floats(new Array<number>(groups).fill(1));
  const zeros = graph.floats(new Array<number>(groups).fill(0));
  ofRows(
    graph,
    node,
    () => true,
    (x, whole, name) => {
      const rank = whole.shape.length;
      const grouped = graph.add("Reshape", [x, graph.ints([0, groups, -1])]);
      const normal = graph.add("InstanceNormalization", [grouped, ones, zeros], { epsilon });
      const back = graph.add("Reshape", [normal, graph.add("Shape", [x])]);
      const [weight, bias] = ["weight", "bias"].map((key) => graph.firstLike(inputOf(node, key), rank));
      const scaled = graph.add("Mul", [back, weight as string]);
      return graph.add("Add", [scaled, bias as string], {}, name);
    },
  );
};

/** The norms. */
export const normForms: Readonly<Record<string, Form>> = {
  PellucidBatchNormInference: batchNorm,
  PellucidLayerNorm: layerNorm,
  PellucidRmsNorm: rmsNorm,
  PellucidGroupNorm: groupNorm,
};
