// Layers that take and give records, observed and chained.
import {
  capture,
  gradient,
  gradientAt,
  intercept,
  type Layer,
  Linear,
  Rng,
  Sequential,
  StructError,
} from "@pellucid/core-train";
import {
  add,
  memory,
  mul,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

interface Graph {
  readonly x: Tensor2D;
  readonly edgeIndex: Tensor1D;
  readonly name: string;
}

const linear = new Linear(2, 3, { rng: new Rng(0) });
/** Changes the features, and hands everything else on as it is. */
const encoder: Layer<Graph, Graph> = { forward: (graph) => ({ ...graph, x: linear.forward(graph.x) }) };
const readOut: Layer<Graph, Tensor2D> = { forward: ({ x }) => square(x) };
const chain = new Sequential(encoder, readOut);
const graph: Graph = {
  x: tensor2d([1, -2, 0.5, 3, -1, 2, 0.1, 0.2], [4, 2]),
  edgeIndex: tensor1d([0, 1], "int32"),
  name: "g",
};

test("a chain hands records from layer to layer, and gives what they give", () => {
  expect(chain.forward(graph)).toBeAllclose(square(linear.forward(graph.x)));
  expect(() => chain.forward(graph)).toLeakNothing();
});

test("a chain that returns tensors of its input returns copies: the caller owns the result", () => {
  const out: Graph = new Sequential(encoder).forward(graph);
  expect(out.name).toBe("g");
  expect(out.edgeIndex).not.toBe(graph.edgeIndex);
  for (const each of [out.x, out.edgeIndex]) each.dispose();
  expect(graph.edgeIndex.isDisposed).toBe(false);
});

test("a captured record outlives the model's own tidying, and an interception replaces it whole", () => {
  const caught = capture(encoder, () => chain.forward(graph));
  expect(caught.x).toBeAllclose(linear.forward(graph.x));
  expect([...caught.edgeIndex.dataSync()]).toEqual([0, 1]);
  expect(caught.name).toBe("g");
  expect(() => capture(encoder, () => chain.forward(graph))).toLeakNothing();
  const y = intercept(
    encoder,
    (out) => ({ ...out, x: mul<Tensor2D>(out.x, 2) }),
    () => chain.forward(graph),
  );
  expect(y).toBeAllclose(mul(square(linear.forward(graph.x)), 4));
});

test("each float tensor of a layer's output has a gradient, others have zeros", () => {
  const { output, gradient: at } = gradientAt(encoder, () => sum(chain.forward(graph), 1));
  expect(at.x).toBeAllclose(mul(output.x, 2));
  expect(at.edgeIndex).toBeAllclose([0, 0]);
  expect([at.name, output.name]).toEqual(["g", "g"]);
  expect(() => gradientAt(encoder, () => sum(chain.forward(graph), 1))).toLeakNothing();
});

test("each float tensor of an input has a gradient, zeros where it is not used", () => {
  const pair = { a: tensor1d([1, 2]), list: [tensor1d([3, 4]), tensor1d([5])], n: 2 };
  const g = gradient((x: typeof pair) => mul(square(x.a), x.list[0] ?? 0))(pair);
  expect(g.a).toBeAllclose([6, 16]);
  expect(g.list[0] as Tensor).toBeAllclose([1, 4]);
  expect(g.list[1] as Tensor).toBeAllclose([0]);
  expect(g.n).toBe(2);
  expect(() => gradient((x: typeof pair) => square(x.a))(pair)).toLeakNothing();
});

test("without a float tensor, or one that is used, there is no gradient, and nothing is left", () => {
  const indices = { index: tensor1d([1], "int32") };
  const none = () => gradient((x: typeof indices) => sum(x.index))(indices);
  expect(none).toThrow(
    new StructError("gradient: x has no float tensor, expected one at least: only floats have a gradient."),
  );
  const floats = { a: tensor1d([1]) };
  const unused = () => gradient<typeof floats>(() => tidy(() => add(1, 2)))(floats);
  expect(unused).toThrow("gradient: f(x) does not depend on x");
  const before = memory().numTensors;
  for (const wrong of [none, unused]) expect(wrong).toThrow();
  expect(memory().numTensors).toBe(before);
});
