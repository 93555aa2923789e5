// Message passing: against cases solved by hand, PyG's numbers and finite differences.
import { useBackend } from "@pellucid/backends";
import { capture, gradient } from "@pellucid/core-train";
import {
  edgeIndexOf,
  EdgeList,
  gatherRows,
  graphOf,
  maskEdges,
  Messages,
  propagate,
  type Reduction,
  scatter,
  scatterSoftmax,
} from "@pellucid/gnn";
import { checkGradient, fixture, sines } from "@pellucid/testing";
import {
  add,
  mul,
  reshape,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Golden {
  readonly id: string;
  readonly kind: string;
  readonly input: Record<string, unknown>;
  readonly right: Record<string, unknown>;
  readonly tolerance: number;
}
const golden = (kind: string) =>
  fixture<Golden[]>(import.meta.url, "../fixtures/golden/layers.json").filter((c) => c.kind === kind);

/** Two directions of some edges, a loop, a duplicate, an isolated node. */
const weighted = () =>
  graphOf({
    x: [
      [0.5, -1],
      [2, 0.25],
      [-0.75, 1.5],
      [1, 1],
    ],
    edgeIndex: [
      [0, 1, 2, 2, 0, 1, 0],
      [1, 0, 0, 1, 0, 2, 1],
    ],
    edgeWeight: [0.5, -1, 2, 0.25, 1.5, 0.75, 1],
  });

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test("the sum of source and target over the edges of four nodes", () => {
    const graph = graphOf({
      x: [
        [1, 2],
        [2, 3],
        [8, 3],
        [2, 4],
      ],
      edgeIndex: [
        [0, 0, 1, 2, 2, 3],
        [0, 1, 2, 1, 3, 2],
      ],
    });
    const y = propagate(graph, { message: ({ xi, xj }) => add(xi, xj) });
    expect(y).toBeAllclose([2, 4, 13, 11, 20, 13, 10, 7], { rtol: 0, atol: 0 });
  });

  test("without a message of its own it sends features times weights", () => {
    const graph = weighted();
    const own = propagate(graph, {
      message: ({ xj, edgeWeight }) => mul(xj, reshape(edgeWeight as Tensor1D, [-1, 1])),
    });
    expect(propagate(graph)).toBeAllclose(own);
    const mean = propagate(graph, {
      aggregate: "mean",
      message: ({ xj, edgeWeight }) => mul(xj, reshape(edgeWeight as Tensor1D, [-1, 1])),
    });
    expect(propagate(graph, { aggregate: "mean" })).toBeAllclose(mean);
  });

  test("the gradient at features and weights is that of finite differences", () => {
    const graph = weighted();
    checkGradient((x: Tensor2D) => propagate({ ...graph, x }), graph.x);
    checkGradient(
      (edgeWeight: Tensor1D) => propagate({ ...graph, edgeWeight }),
      graph.edgeWeight as Tensor1D,
    );
    const twice = (x: Tensor2D) =>
      gradient((at: Tensor2D) => {
        const y = propagate({ ...graph, x: at });
        return sum(mul(mul(y, y), y));
      })(x);
    checkGradient(twice, graph.x);
    const mixed = (edgeWeight: Tensor1D) =>
      gradient((at: Tensor2D) => {
        const y = propagate({ ...graph, x: at, edgeWeight });
        return sum(mul(y, y));
      })(graph.x);
    checkGradient(mixed, graph.edgeWeight as Tensor1D);
  });

  test.each(["sum", "mean", "max", "min", "mul"] as const)(
    "the gradient of a %s of messages",
    (aggregate) => {
      const graph = weighted();
      const f = (x: Tensor2D) =>
        propagate({ ...graph, x }, { aggregate, message: ({ xi, xj }) => add(mul(xi, 0.3), mul(xj, xj)) });
      checkGradient(f, graph.x, { step: 1e-3 });
    },
  );

  test("features of any number of axes, and of sources apart from targets", () => {
    const x = [sines([3, 2, 2]), sines([2, 2, 2], 1)] as const;
    const edgeIndex = tensor2d(
      [
        [0, 2, 2],
        [1, 1, 0],
      ],
      [2, 3],
      "int32",
    );
    const y = propagate({ x, edgeIndex }, { update: (sums, own) => add(sums, own) });
    expect(y.shape).toEqual([2, 2, 2]);
    const values = x[0].arraySync() as number[][][];
    const own = x[1].arraySync() as number[][][];
    const expected = [0, 1].map((i) =>
      [0, 1].map((a) =>
        [0, 1].map(
          (b) =>
            (own[i]?.[a]?.[b] as number) +
            (i === 0 ? [2] : [0, 2]).reduce((total, j) => total + (values[j]?.[a]?.[b] as number), 0),
        ),
      ),
    );
    expect(y).toBeAllclose(expected.flat(2));
  });

  test("without edges everyone receives 0, of a product 1", () => {
    const graph = graphOf({
      x: [
        [1, 2],
        [3, 4],
      ],
      edgeIndex: [[], []],
    });
    for (const aggregate of ["sum", "mean", "max", "min"] as const) {
      expect(propagate(graph, { aggregate })).toBeAllclose([0, 0, 0, 0]);
      const dx = gradient((x: Tensor2D) => sum(add(propagate({ ...graph, x }, { aggregate }), x)))(graph.x);
      expect(dx).toBeAllclose([1, 1, 1, 1]);
    }
    expect(propagate(graph, { aggregate: "mul" })).toBeAllclose([1, 1, 1, 1]);
  });

  test.each(golden("scatter-extreme-ties-negative-empty"))("$id", ({ input, right, tolerance }) => {
    const index = tensor1d(input["index"] as number[], "int32");
    const reduce = input["reduce"] as Reduction;
    const upstream = tensor1d(input["upstream"] as number[]);
    const f = (x: Tensor1D) => scatter(x, index, { size: input["size"] as number, reduce });
    const src = tensor1d(input["src"] as number[]);
    expect(f(src)).toBeAllclose(right["out"] as number[], { rtol: tolerance, atol: tolerance });
    const found = gradient((x: Tensor1D) => sum(mul(f(x), upstream)))(src);
    expect(found).toBeAllclose(right["grad"] as number[], { rtol: 1e-6, atol: 1e-6 });
  });

  test.each(golden("softmax-per-target-far-apart"))("$id", ({ input, right, tolerance }) => {
    const index = tensor1d(input["index"] as number[], "int32");
    const found = scatterSoftmax(tensor1d(input["logits"] as number[]), index, {
      size: input["numNodes"] as number,
    });
    // 32 bits hold these logits to 3e-5, which is the relative error of their powers
    expect(found).toBeAllclose(right["out"] as number[], { rtol: 6e-5, atol: tolerance });
  });

  test.each(golden("batch-unsorted-empty-graph"))("$id", ({ input, right, tolerance }) => {
    const index = tensor1d(input["batch"] as number[], "int32");
    const x = tensor2d(input["x"] as number[][]);
    for (const reduce of ["sum", "mean", "max"] as const) {
      const found = scatter(x, index, { size: input["size"] as number, reduce });
      expect(found, reduce).toBeAllclose((right[reduce] as number[][]).flat(), {
        rtol: 1e-6,
        atol: Math.max(tolerance, 1e-6),
      });
    }
  });

  test("the gradient of a softmax over groups", () => {
    const index = tensor1d([2, 0, 2, 2, 0, 3], "int32");
    checkGradient((x: Tensor2D) => scatterSoftmax(x, index), sines([6, 3]) as Tensor2D);
  });

  test("rows are gathered with the gradient of a sum, also none", () => {
    const x = sines([3, 2]) as Tensor2D;
    checkGradient((at: Tensor2D) => gatherRows(at, Int32Array.of(2, 0, 2)), x);
    expect(gatherRows(x, new Int32Array()).shape).toEqual([0, 2]);
  });

  test("messages are observed, changed and masked", () => {
    const graph = weighted();
    const messages = new Messages();
    const run = () => propagate(graph, { messages });
    const seen = capture(messages, run);
    expect(seen.messages.shape).toEqual([7, 2]);
    expect(seen.edgeIndex.arraySync()).toEqual(graph.edgeIndex.arraySync());
    const mask = tensor1d([1, 0, 1, 0.5, 0, 1, 0.25]);
    const masked = maskEdges(messages, graph.edgeIndex, mask, run);
    const expected = propagate({ ...graph, edgeWeight: mul(graph.edgeWeight as Tensor1D, mask) });
    expect(masked).toBeAllclose(expected);
    const open = maskEdges(messages, graph.edgeIndex, tensor1d([1, 1, 1, 1, 1, 1, 1]), run);
    expect(open).toBeAllclose(run());
    checkGradient((at: Tensor1D) => maskEdges(messages, graph.edgeIndex, at, run), mask);
  });

  test("a layer's own edges are not masked, and duplicates each by their own number", () => {
    const messages = new Messages();
    const own = edgeIndexOf(new EdgeList(Int32Array.of(1, 0, 0, 0), Int32Array.of(1, 1, 1, 0)));
    const graph = edgeIndexOf(new EdgeList(Int32Array.of(0, 0), Int32Array.of(1, 1)));
    const x = tensor2d([[1], [10]]);
    const run = () => propagate({ x, edgeIndex: own }, { messages });
    expect(maskEdges(messages, graph, tensor1d([0.5, 0.25]), run)).toBeAllclose([1, 10.75]);
  });

  test("two runs give the same bits, and permuted edges the same sums", () => {
    const graph = weighted();
    expect([...propagate(graph).dataSync()]).toEqual([...propagate(graph).dataSync()]);
    const order = [6, 2, 4, 0, 5, 1, 3];
    const { source, target } = { source: [0, 1, 2, 2, 0, 1, 0], target: [1, 0, 0, 1, 0, 2, 1] };
    const permuted = propagate({
      x: graph.x,
      edgeIndex: edgeIndexOf(
        new EdgeList(
          Int32Array.from(order, (e) => source[e] as number),
          Int32Array.from(order, (e) => target[e] as number),
        ),
      ),
      edgeWeight: tensor1d(order.map((e) => [0.5, -1, 2, 0.25, 1.5, 0.75, 1][e] as number)),
    });
    expect(permuted).toBeAllclose(propagate(graph));
  });

  test("wrong inputs are typed errors", () => {
    const graph = weighted();
    const other = { ...graph, x: tensor2d([[1]]) };
    expect(() => propagate(other)).toThrow(/propagate: edgeIndex has the source 2, expected ids below 1/);
    expect(() => propagate(graph, { aggregate: "most" as "sum" })).toThrow(
      /aggregate is "most", expected "add", "sum"/,
    );
    expect(() => propagate(graph, { message: () => tensor2d([[1]]) })).toThrow(
      /what message returns is \[1, 1\]/,
    );
    expect(() => scatter(graph.x, tensor1d([0, 1, 2, 9], "int32"), { size: 3 })).toThrow(
      /group 9, expected 0 to 2/,
    );
    expect(() => scatter(graph.x, tensor1d([0, 1], "int32"))).toThrow(/index is \[2\], expected \[4\]/);
    expect(() => scatter(graph.x, tensor1d([0, 1, 0, 1]))).toThrow(/index is float32, expected int32/);
    expect(() => maskEdges(new Messages(), graph.edgeIndex, tensor1d([1]), () => 0)).toThrow(
      /mask is \[1\], expected \[7\]/,
    );
  });

  test("nothing is left in memory", () => {
    const graph = weighted();
    const messages = new Messages();
    const index = tensor1d([0, 1, 0, 1], "int32");
    const mask = tensor1d([1, 1, 1, 1, 1, 1, 1]);
    const bodies: (() => unknown)[] = [
      () => propagate(graph),
      () => propagate(graph, { aggregate: "max", message: ({ xi, xj }) => add(xi, xj) }),
      () => scatter(graph.x, index, { reduce: "mul" }),
      () => scatterSoftmax(graph.x, index),
      () => maskEdges(messages, graph.edgeIndex, mask, () => propagate(graph, { messages })),
      () => gradient((x: Tensor) => sum(propagate({ ...graph, x })))(graph.x),
    ];
    for (const body of bodies) expect(body).toLeakNothing();
  });
});
