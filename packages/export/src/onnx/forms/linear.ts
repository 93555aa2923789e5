import type { TracedNode } from "@pellucid/core-train";
import type { Held } from "../held.ts";
import type { OnnxGraph } from "../onnx-graph.ts";
import { type Form, inputOf, listOf, outputOf, refused } from "./form.ts";

/** `x W + b` of rows. It is written when it is needed: a recurrent layer takes it apart. */
function affine(graph: OnnxGraph, node: TracedNode, x: Held, weight: Held, bias: Held | null): void {
  const out = outputOf(node);
  const about = graph.about(out);
  const inner = x.flatOf;
  const linear = { x: inner ?? x, weight, bias };
  if (inner === undefined) {
    const make = () => {
      const inputs = [graph.last(x), graph.last(weight)];
      return bias === null
        ? graph.add("MatMul", inputs, {}, out)
        : graph.add("Gemm", [...inputs, graph.last(bias)], {}, out);
    };
    graph.hold({ ...about, make, linear });
    return;
  }
  const make = () => {
    const inputs = [graph.last(inner), graph.last(weight)];
    if (bias === null) return graph.add("MatMul", inputs, {}, out);
    return graph.add("Add", [graph.add("MatMul", inputs), graph.last(bias)], {}, out);
  };
  const shape = [...inner.shape.slice(0, -1), about.shape.at(-1) as number];
  graph.hold({ ...about, flatOf: { name: out, dtype: "float32", shape, make, linear } });
}

const linear: Form = (graph, node) => {
  const [x, weight, bias] = ["x", "weight", "bias"].map((name) => graph.held(inputOf(node, name)));
  affine(graph, node, x as Held, weight as Held, bias as Held);
};

const matMul: Form = (graph, node) => {
  const out = outputOf(node);
  const [a, b] = [graph.held(inputOf(node, "a")), graph.held(inputOf(node, "b"))];
  const { transposeA, transposeB } = node.attributes;
  if (transposeA !== true && transposeB !== true && b.shape.length === 2 && a.shape.length === 2) {
    affine(graph, node, a, b, null);
    return;
  }
  const side = (held: Held, transposed: unknown): string => {
    if (transposed !== true) return graph.last(held);
    const rank = held.shape.length;
    const perm = [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
    return graph.add("Transpose", [graph.last(held)], { perm });
  };
  graph.setLast(out, graph.add("MatMul", [side(a, transposeA), side(b, transposeB)], {}, out));
};

const einsum: Form = (graph, node) => {
  const equation = node.attributes["equation"];
  if (typeof equation !== "string") throw refused(node, "it has no equation");
  const out = outputOf(node);
  graph.setLast(
    out,
    graph.add(
      "Einsum",
      listOf(node).map((x) => graph.last(x)),
      { equation },
      out,
    ),
  );
};

/** The ops that are matrix products. */
export const linearForms: Readonly<Record<string, Form>> = {
  PellucidLinear: linear,
  BatchMatMul: matMul,
  Einsum: einsum,
};
