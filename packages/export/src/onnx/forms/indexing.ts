import type { TracedNode, TracedSize } from "@pellucid/core-train";
import type { OnnxGraph } from "../onnx-graph.ts";
import { axesOf, type Form, inputOf, numberOf, outputOf, refused, sizesOf } from "./form.ts";

/** Rows of a table. */
const embedding: Form = (graph, node) => {
  const out = outputOf(node);
  const about = graph.about(out);
  const weight = graph.last(inputOf(node, "weight"));
  const indices = graph.held(inputOf(node, "indices"));
  const whole = indices.flatOf;
  const gather = (from: string): string => graph.add("Gather", [weight, from], { axis: 0 }, out);
  if (whole === undefined) {
    graph.setLast(out, gather(graph.last(indices)));
    return;
  }
  const shape = [...whole.shape, about.shape.at(-1) as number];
  graph.hold({ ...about, flatOf: { name: out, dtype: about.dtype, shape, last: gather(graph.last(whole)) } });
};

const gather: Form = (graph, node) => {
  const out = outputOf(node);
  const x = graph.held(inputOf(node, "x"));
  const [axis = 0] = axesOf(node, "axis", x.shape.length);
  const batch = (node.attributes["batchDims"] ?? 0) as number;
  const indices = graph.last(inputOf(node, "indices"));
  if (batch === 0) {
    graph.setLast(out, graph.add("Gather", [graph.last(x), indices], { axis }, out));
    return;
  }
  if (batch !== axis) throw refused(node, "it gathers along another axis than the first after the batch");
  const positions = graph.add("Unsqueeze", [graph.add("Cast", [indices], { to: 7 }), graph.ints([-1])]);
  graph.setLast(out, graph.add("GatherND", [graph.last(x), positions], { batch_dims: batch }, out));
};

const gatherNd: Form = (graph, node) => {
  const out = outputOf(node);
  const indices = graph.add("Cast", [graph.last(inputOf(node, "indices"))], { to: 7 });
  graph.setLast(out, graph.add("GatherND", [graph.last(inputOf(node, "params")), indices], {}, out));
};

/** What goes to the same index is added up. */
function scatterAdd(
  graph: OnnxGraph,
  node: TracedNode,
  { indices, updates, shape }: { indices: string; updates: string; shape: readonly TracedSize[] },
): void {
  const out = outputOf(node);
  const { dtype } = graph.about(out);
  const zeros = graph.filled(0, shape, dtype);
  graph.setLast(out, graph.add("ScatterND", [zeros, indices, updates], { reduction: "add" }, out));
}

const scatterNd: Form = (graph, node) => {
  const indices = graph.add("Cast", [graph.last(inputOf(node, "indices"))], { to: 7 });
  scatterAdd(graph, node, {
    indices,
    updates: graph.last(inputOf(node, "updates")),
    shape: sizesOf(node, "shape"),
  });
};

const segmentSum: Form = (graph, node) => {
  const x = inputOf(node, "x");
  const ids = graph.add("Cast", [graph.last(inputOf(node, "segmentIds"))], { to: 7 });
  const [, ...rest] = graph.held(x).shape;
  const shape = rest.map((size, i): TracedSize =>
    typeof size === "number" ? size : { of: [{ value: x, axis: i + 1 }], times: 1, add: 0, over: 1 },
  );
  scatterAdd(graph, node, {
    indices: graph.add("Unsqueeze", [ids, graph.ints([-1])]),
    updates: graph.last(x),
    shape: [node.attributes["numSegments"] as TracedSize, ...shape],
  });
};

const oneHot: Form = (graph, node) => {
  const out = outputOf(node);
  const indices = graph.last(inputOf(node, "indices"));
  const [off, on] = [numberOf(node, "offValue"), numberOf(node, "onValue")];
  const values =
    graph.about(out).dtype === "int32"
      ? graph.known({ data: Int32Array.of(off, on), shape: [2] }, "int32", "constant")
      : graph.floats([off, on]);
  graph.setLast(
    out,
    graph.add("OneHot", [indices, graph.int64(numberOf(node, "depth")), values], { axis: -1 }, out),
  );
};

/** The ops that look up and scatter by index. */
export const indexingForms: Readonly<Record<string, Form>> = {
  PellucidEmbedding: embedding,
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
};
