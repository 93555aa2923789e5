// What holds for every convolution and model: renaming nodes renames outputs, graphs side by side are computed as one by one, the same bits twice,
// isolated nodes and no edges are fine, masks of ones change nothing, nothing is left in memory.
import { useBackend } from "@pellucid/backends";
import { gradient, Rng, valueAndGradients } from "@pellucid/core-train";
import {
  batchGraphs,
  edgeIndexOf,
  EdgeList,
  type Graph,
  maskEdges,
  MessagePassing,
  ScarselliConv,
} from "@pellucid/gnn";
import { checkGradient } from "@pellucid/testing";
import {
  concat,
  gather,
  matMul,
  mul,
  ones,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { convolutions } from "./rows/convolutions.ts";
import { models } from "./rows/models.ts";

const N = 6;
const SKIPPED = [
  "of a pair",
  "HGT",
  "HAN",
  "lstm",
  "dropout",
  "loss",
  "JumpingKnowledge",
  "MLP",
  "LightGcn",
  "second",
  "SchNet", // from points to numbers of graphs: points.test.ts
];
/** Layers from a graph to its nodes, without randomness. */
const layers = Object.entries({ ...convolutions, ...models })
  .filter(([title]) => !SKIPPED.some((part) => title.includes(part)))
  .filter(([title]) => !/DeepGCNLayer|norm of graphs/.test(title));

const numbers = (shape: number[], phase: number) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1.3 * i + phase));

type Made = Graph & { readonly x0: Tensor2D; readonly edgeType: Tensor1D };

/** A graph with all that any layer takes. */
function graphFor(features: number, edgeDim: number, list: EdgeList, nodes: number, phase = 0): Made {
  return {
    x: tensor2d(numbers([nodes, features], phase), [nodes, features]),
    x0: tensor2d(numbers([nodes, features], phase + 2), [nodes, features]),
    edgeIndex: edgeIndexOf(list),
    edgeWeight: tensor1d(numbers([list.length], phase + 1).map((w) => 1 + 0.5 * w)),
    edgeAttr: tensor2d(numbers([list.length, edgeDim], phase + 3), [list.length, edgeDim]),
    edgeType: tensor1d(
      Int32Array.from({ length: list.length }, (_, e) => e % 3),
      "int32",
    ),
  };
}

const list = new EdgeList(
  Int32Array.of(0, 1, 2, 3, 3, 4, 1, 2, 0, 2),
  Int32Array.of(1, 0, 1, 2, 4, 3, 1, 3, 2, 1),
);
const sizesOf = (title: string): [features: number, edgeDim: number] => [
  title.startsWith("RGCNConv of ids") ? 5 : /towers|blocks/.test(title) ? 4 : 3, // of ids: features of five nodes
  title.startsWith("GINEConv, same") || /^GENConv($|, power|, semi)/.test(title)
    ? title === "GENConv"
      ? 4
      : 3
    : 2,
];

describe.each(["wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  describe.each(layers)("%s", (title, row) => {
    const [features, edgeDim] = sizesOf(title);
    const make = () => row.make(new Rng(3)) as unknown as MessagePassing;

    test("renaming nodes renames outputs, and each run gives the same bits", () => {
      const layer = make();
      const graph = graphFor(features, edgeDim, list, N);
      const out = layer.forward(graph);
      expect([...layer.forward(graph).dataSync()]).toEqual([...out.dataSync()]);
      const name = Int32Array.of(4, 0, 5, 1, 3, 2); // node i becomes node name[i]
      const old = tensor1d(
        Int32Array.from(name.keys(), (i) => name.indexOf(i)),
        "int32",
      );
      const renamed = new EdgeList(
        list.source.map((i) => name[i] as number),
        list.target.map((i) => name[i] as number),
      );
      const found = layer.forward({
        ...graph,
        x: gather(graph.x, old),
        x0: gather(graph.x0, old),
        edgeIndex: edgeIndexOf(renamed),
      } as Made);
      expect(found).toBeAllclose(gather(out, old), { rtol: 1e-5, atol: 3e-6 });
    });

    test("graphs side by side are computed as one by one", () => {
      const layer = make();
      const small = new EdgeList(Int32Array.of(1, 2, 0), Int32Array.of(0, 1, 2));
      const graphs = [graphFor(features, edgeDim, list, N), graphFor(features, edgeDim, small, 3, 5)];
      const together = layer.forward(withoutBatch(batchGraphs(graphs)));
      const apart = concat(
        graphs.map((graph) => layer.forward(graph)),
        0,
      );
      const isWhole = title === "ChebConv, not normalized"; // whose λ is that of all graphs together
      if (!isWhole) expect(together).toBeAllclose(apart, { rtol: 1e-5, atol: 3e-6 });
      else expect(together.shape).toEqual(apart.shape);
    });

    test("there may be no edges", () => {
      const layer = make();
      const graph = graphFor(features, edgeDim, new EdgeList(new Int32Array(), new Int32Array()), 3);
      const out = layer.forward(graph);
      expect([out.shape[0], [...out.dataSync()].every(Number.isFinite)]).toEqual([3, true]);
    });

    test("nothing is left in memory, forward and backward", () => {
      const layer = make();
      const graph = graphFor(features, edgeDim, list, N);
      expect(() => layer.forward(graph)).toLeakNothing();
      expect(() =>
        gradient((x: Tensor2D) => sum(layer.forward({ ...graph, x } as Made)))(graph.x),
      ).toLeakNothing();
    });

    test("a mask of ones changes nothing, and has a gradient", () => {
      const layer = make();
      const graph = graphFor(features, edgeDim, list, N);
      const run = () => layer.forward(graph);
      const open = maskEdges(layer, graph.edgeIndex, ones<Tensor1D["rankType"]>([list.length]), run);
      expect(open).toBeAllclose(run(), { rtol: 1e-5, atol: 2e-6 });
      if (title === "ChebConv of one term") return; // which has no messages
      const found = gradient((mask: Tensor1D) => sum(maskEdges(layer, graph.edgeIndex, mask, run)))(
        ones<Tensor1D["rankType"]>([list.length]),
      );
      expect([...found.dataSync()].every(Number.isFinite)).toBe(true);
    });
  });

  test("more steps change a fixed point no more, and its gradient is that of finite differences", () => {
    const layer = new ScarselliConv(2, 3, { rng: new Rng(1), tolerance: 1e-7 });
    const graph = graphFor(2, 2, list, N);
    const state = layer.forward(graph);
    // once more changes nothing
    const again = new ScarselliConv(2, 3, { rng: new Rng(1), tolerance: 1e-7, maxIterations: 400 });
    expect(again.forward(graph)).toBeAllclose(state, { rtol: 0, atol: 1e-5 });
    checkGradient((x: Tensor2D) => layer.forward({ ...graph, x }), graph.x);
    const at = layer.transition.weight;
    const found = gradientAt(layer, graph);
    const step = 1e-2;
    const values = at.dataSync().slice();
    const measured = Array.from({ length: 6 }, (_, i) => {
      const moved = (by: number) => {
        const next = values.slice();
        next[i] = (next[i] as number) + by;
        at.assign(tensor2d(next, at.shape as [number, number]) as never);
        return sum(mul(layer.forward(graph), weightsOf(N, 3))).dataSync()[0] as number;
      };
      return (moved(step) - moved(-step)) / (2 * step);
    });
    expect([...found].slice(0, 6)).toBeAllclose(measured, { rtol: 2e-2, atol: 1e-3 });
    expect(() => layer.forward(graph)).toLeakNothing();
  });

  test("a graph convolution is the product with its dense matrix", () => {
    const graph = graphFor(3, 2, list, N);
    const layer = (convolutions["GCNConv, weighted"] as (typeof layers)[0][1]).make(
      new Rng(3),
    ) as unknown as MessagePassing & {
      lin: { weight: Tensor2D };
    };
    const weights = (graph.edgeWeight as Tensor1D).dataSync();
    const dense = Array.from({ length: N }, () => new Array<number>(N).fill(0));
    const loops = new Map<number, number>();
    for (let e = 0; e < list.length; e++) {
      const [j, i] = [list.source[e] as number, list.target[e] as number];
      if (i === j) loops.set(i, weights[e] as number);
      else (dense[i] as number[])[j] = ((dense[i] as number[])[j] as number) + (weights[e] as number);
    }
    for (let i = 0; i < N; i++) (dense[i] as number[])[i] = loops.get(i) ?? 1;
    const degrees = dense.map((row) => row.reduce((a, b) => a + b, 0));
    const normal = dense.map((row, i) =>
      row.map((w, j) => w / Math.sqrt((degrees[i] as number) * (degrees[j] as number))),
    );
    const expected = matMul(tensor2d(normal), matMul(graph.x, layer.lin.weight));
    expect(layer.forward(graph)).toBeAllclose(expected, { rtol: 1e-5, atol: 2e-6 });
  });
});

function withoutBatch(graph: Made & { batch: Tensor1D }): Made {
  const { batch: _, ...rest } = graph as unknown as Record<string, Tensor>;
  return rest as unknown as Made;
}

function weightsOf(rows: number, columns: number): Tensor2D {
  return tensor2d(numbers([rows, columns], 0.3), [rows, columns]);
}

function gradientAt(layer: ScarselliConv, graph: Graph): number[] {
  const { transition } = layer;
  const { gradients } = valueAndGradients({ weight: transition.weight }, () =>
    sum(mul(layer.forward(graph), weightsOf(N, 3))),
  );
  return [...(gradients["weight"] as Tensor).dataSync()];
}
