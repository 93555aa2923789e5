// Convolutions over edges are products with a dense matrix: the same layers, written with adjacency matrices.
import { useBackend } from "@pellucid/backends";
import { Linear, matMul, Rng } from "@pellucid/core-train";
import {
  APPNP,
  ChebConv,
  denseAdjacency,
  edgeIndexOf,
  EdgeList,
  GATConv,
  GCN2Conv,
  GCNConv,
  GINConv,
  type Graph,
  GraphConv,
  LGConv,
  SAGEConv,
  SGConv,
  TAGConv,
  TransformerConv,
} from "@pellucid/gnn";
import { sines } from "@pellucid/testing";
import {
  add,
  div,
  exp,
  eye,
  leakyRelu,
  maximum,
  mul,
  pow,
  reshape,
  sqrt,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

// 2 → 1 is there twice, and node 5 is isolated
const [nodes, sources, targets] = [6, [0, 1, 2, 3, 3, 4, 2, 0, 2], [1, 0, 1, 2, 4, 3, 3, 2, 1]];
const weights = sources.map((_, e) => 1 + 0.5 * Math.sin(1.3 * e));

/** Row `i`, column `j`: what the edges `j → i` weigh. */
function matrix(of?: readonly number[]): Tensor2D {
  const { data } = denseAdjacency({
    numNodes: nodes,
    sources: Int32Array.from(sources),
    targets: Int32Array.from(targets),
    ...(of && { weights: Float32Array.from(of) }),
  });
  return transpose(tensor2d(data, [nodes, nodes]));
}

const product = (a: Tensor, b: Tensor) => matMul(a as Tensor2D, b as Tensor2D);
const sumOf = (first: Tensor, ...rest: Tensor[]): Tensor => rest.reduce((a, b) => add(a, b), first);

/** `D^-1/2 A D^-1/2`, where D has the sums of the rows. */
function normal(a: Tensor2D): Tensor2D {
  const degrees = sum(a, 1, true);
  const inverse = div(1, sqrt(maximum(degrees, 1e-12)));
  return mul(mul(a, inverse), transpose(inverse));
}

/** The weighted mean of the values of the neighbors, with weights `A exp(score)` of each row. */
function attend(a: Tensor2D, scores: Tensor, values: Tensor): Tensor {
  const powers = mul(a, exp(scores));
  return product(div(powers, maximum(sum(powers, 1, true), 1e-16)), values);
}

const given = () => ({
  x: sines([nodes, 3], 0.1) as Tensor2D,
  x0: sines([nodes, 3], 2) as Tensor2D,
  edgeIndex: edgeIndexOf(new EdgeList(Int32Array.from(sources), Int32Array.from(targets))),
});
type Given = ReturnType<typeof given>;

interface Row {
  readonly isWeighted?: boolean;
  readonly make: (rng: Rng) => { forward(graph: Given & Graph): Tensor };
  /** The layer of the same generator, from the plain and the normalized matrix. */
  readonly dense: (layer: never, x: Given, a: Tensor2D, normalized: Tensor2D) => Tensor;
}
const row = <L extends { forward(graph: never): Tensor }>(
  make: (rng: Rng) => L,
  dense: (layer: L, x: Given, a: Tensor2D, normalized: Tensor2D) => Tensor,
  isWeighted = false,
): Row => ({ make: make as unknown as Row["make"], dense: dense as Row["dense"], isWeighted });

const rows: Readonly<Record<string, Row>> = {
  GCNConv: row(
    (rng) => new GCNConv(3, 4, { rng }),
    (l, { x }, _, n) => product(n, l.lin.forward(x)),
    true,
  ),
  SAGEConv: row(
    (rng) => new SAGEConv(3, 4, { rng }),
    (l, { x }, a) => {
      const means = div(product(a, x), maximum(sum(a, 1, true), 1)) as Tensor2D;
      return add(l.linL.forward(means), (l.linR as Linear).forward(x));
    },
  ),
  GraphConv: row(
    (rng) => new GraphConv(3, 4, { rng }),
    (l, { x }, a) => add(l.linRel.forward(product(a, x)), l.linRoot.forward(x)),
    true,
  ),
  GINConv: row(
    (rng) => new GINConv(new Linear(3, 2, { rng }), { rng, eps: 0.3 }),
    (l, { x }, a) => (l.nn as Linear).forward(add(mul(x, 1.3), product(a, x)) as Tensor2D),
  ),
  SGConv: row(
    (rng) => new SGConv(3, 4, { rng, K: 2 }),
    (l, { x }, _, n) => l.lin.forward(product(n, product(n, x))),
    true,
  ),
  APPNP: row(
    (rng) => new APPNP(3, 0.1, { rng }),
    (_, { x }, __, n) => {
      let z: Tensor = x;
      for (let k = 0; k < 3; k++) z = add(mul(product(n, z), 0.9), mul(x, 0.1));
      return z;
    },
    true,
  ),
  LGConv: row(
    () => new LGConv(),
    (_, { x }, a) => product(normal(a), x),
    true,
  ),
  TAGConv: row(
    (rng) => new TAGConv(3, 4, { rng, K: 2 }),
    (l, { x }, a) => {
      const [first, second, third] = l.lins as [Linear, Linear, Linear];
      const once = product(normal(a), x);
      return sumOf(first.forward(x), second.forward(once), third.forward(product(normal(a), once)));
    },
    true,
  ),
  ChebConv: row(
    (rng) => new ChebConv(3, 4, 3, { rng }),
    (l, { x }, a) => {
      // the Laplacian less the identity, with 2 as the largest eigenvalue; degrees are of the edges that leave
      const degrees = sum(a, 0);
      const inverse = div(degrees, maximum(pow(degrees, 1.5), 1e-12));
      const shifted = mul(mul(a, reshape(inverse, [nodes, 1])), mul(reshape(inverse, [1, nodes]), -1));
      const [first, second, third] = l.lins as [Linear, Linear, Linear];
      const once = product(shifted, x);
      const twice = sub(mul(product(shifted, once), 2), x) as Tensor2D;
      return sumOf(first.forward(x), second.forward(once), third.forward(twice));
    },
  ),
  GCN2Conv: row(
    (rng) => new GCN2Conv(3, 0.2, { rng, theta: 0.5, layer: 2 }),
    (l, { x, x0 }, _, n) => {
      const mixed = add(mul(product(n, x), 0.8), mul(x0, 0.2));
      const beta = Math.log(0.5 / 2 + 1);
      return add(mul(mixed, 1 - beta), mul(product(mixed, l.weight1), beta));
    },
  ),
  GATConv: row(
    (rng) => new GATConv(3, 4, { rng }),
    (l, { x }, a) => {
      const sent = (l.lin as Linear).forward(x);
      const score = (of: Tensor) => sum(mul(sent, reshape(of, [1, 4])), 1, true);
      const scores = leakyRelu(add(score(l.attDst), transpose(score(l.attSrc))), 0.2);
      return attend(add(a, eye(nodes)), scores, sent);
    },
  ),
  TransformerConv: row(
    (rng) => new TransformerConv(3, 4, { rng }),
    (l, { x }, a) => {
      const [queries, keys] = [l.linQuery.forward(x), l.linKey.forward(x)];
      const scores = mul(product(queries, transpose(keys)), 0.5);
      return add(attend(a, scores, l.linValue.forward(x)), l.linSkip.forward(x));
    },
  ),
};

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test.each(Object.entries(rows))("%s is the same with a dense matrix", (_, { make, dense, isWeighted }) => {
    const layer = make(new Rng(4));
    const graph = given();
    const a = matrix(isWeighted === true ? weights : undefined);
    const edgeWeight: Tensor1D = tensor1d(weights);
    const sparse = layer.forward(isWeighted === true ? { ...graph, edgeWeight } : graph);
    const expected = dense(layer as never, graph, a, normal(add(a, eye(nodes))));
    expect(sparse).toBeAllclose(expected, { rtol: 1e-5, atol: 2e-6 });
  });
});
