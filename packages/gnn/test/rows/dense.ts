import { Linear, ReLU, type Rng, Sequential } from "@pellucid/core-train";
import { DenseGATConv, DenseGCNConv, DenseGINConv, DenseGraphConv, DenseSAGEConv } from "@pellucid/gnn";
import { add, mul, type Tensor, tensor2d, type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";
import type { ConvRow } from "./convolutions.ts";

// the matrices of fixtures/torch/dense.py
const first = [
  [0, 1, 0, 0],
  [1, 0, 2, 1],
  [0, 0.5, 1, 0],
  [0, 0, 0, 0],
];
const second = [
  [0, 1, 1, 0],
  [1, 0, 0, 0],
  [1, 0, 0, 0],
  [0, 0, 0, 0],
];
const looped = first.map((row, i) =>
  row.map((weight, j) => weight + (second[i]?.[j] ?? NaN) + (i === 3 && j === 3 ? 2 : 0)),
);
const lastNodes = [
  [1, 1, 1, 1],
  [1, 1, 1, 0],
];

function row(
  make: (rng: Rng) => unknown,
  { isMasked = true, matrices = [first, second] }: { isMasked?: boolean; matrices?: number[][][] } = {},
): ConvRow {
  return {
    make: make as ConvRow["make"],
    input: ([x, wave]) => ({
      x: x as Tensor3D,
      adj: mul(tensor3d(matrices), add(mul(wave as Tensor, 0.25), 1)) as Tensor3D,
      ...(isMasked && { mask: tensor2d(lastNodes) }),
    }),
  };
}

const mlp = (rng: Rng) =>
  new Sequential(new Linear(3, 5, { rng }), new ReLU(), new Linear(5, 4, { rng })) as never;
const loops = { matrices: [looped, looped] };

/** Convolutions of dense matrices, by the titles of their cases. */
export const denseRows: Readonly<Record<string, ConvRow>> = {
  DenseGCNConv: row((rng) => new DenseGCNConv(3, 4, { rng })),
  "DenseGCNConv, improved": row((rng) => new DenseGCNConv(3, 4, { rng, improved: true, bias: false }), {
    isMasked: false,
  }),
  "DenseGCNConv, no loops": row((rng) => new DenseGCNConv(3, 4, { rng, addLoop: false })),
  DenseSAGEConv: row((rng) => new DenseSAGEConv(3, 4, { rng })),
  "DenseSAGEConv, normalized": row((rng) => new DenseSAGEConv(3, 4, { rng, normalize: true, bias: false }), {
    isMasked: false,
  }),
  DenseGraphConv: row((rng) => new DenseGraphConv(3, 4, { rng })),
  "DenseGraphConv, mean": row((rng) => new DenseGraphConv(3, 4, { rng, aggr: "mean", bias: false })),
  "DenseGraphConv, max": row((rng) => new DenseGraphConv(3, 4, { rng, aggr: "max" })),
  DenseGINConv: row((rng) => new DenseGINConv(mlp(rng), { rng, eps: 0.3 })),
  "DenseGINConv, learned": row((rng) => new DenseGINConv(mlp(rng), { rng, trainEps: true })),
  "DenseGINConv, no loops": row((rng) => new DenseGINConv(mlp(rng), { rng, addLoop: false })),
  DenseGATConv: row((rng) => new DenseGATConv(3, 4, { rng })),
  "DenseGATConv, heads": row((rng) => new DenseGATConv(3, 4, { rng, heads: 3, negativeSlope: 0.1 })),
  "DenseGATConv, averaged": row((rng) => new DenseGATConv(3, 4, { rng, heads: 2, concat: false }), {
    isMasked: false,
  }),
  "DenseGATConv, no loops": row(
    (rng) => new DenseGATConv(3, 4, { rng, heads: 2, bias: false, addLoop: false }),
    loops,
  ),
  "DenseGATConv, dropout": row((rng) => new DenseGATConv(3, 4, { rng, heads: 2, dropout: 0.4 })),
};
