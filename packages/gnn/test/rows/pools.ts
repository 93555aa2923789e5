import { type Module, Rng } from "@pellucid/core-train";
import {
  ASAPooling,
  EdgePooling,
  type Graph,
  graphOf,
  GraphUNet,
  SAGPooling,
  TopKPooling,
} from "@pellucid/gnn";
import { sigmoid, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";

/** A pool of PyG from seed 0, as `fixtures/torch/pools.py` writes it. */
export interface PoolCase {
  readonly name: string;
  readonly options: Readonly<Record<string, number | string | boolean | readonly number[]>>;
  readonly sizes: readonly number[];
  readonly edges: readonly [number[], number[]];
  readonly phase: number;
  readonly weighted: boolean;
  readonly state: Readonly<Record<string, { readonly shape: number[]; readonly data: number[] }>>;
  readonly out: number[];
  readonly gradient: number[];
  readonly parameterGradients: Readonly<Record<string, number[]>>;
  readonly edgeIndex?: readonly [number[], number[]];
  readonly batch?: number[];
  readonly perm?: number[];
  readonly score?: number[];
  readonly edgeAttr?: number[];
  readonly edgeWeight?: number[] | null;
  readonly cluster?: number[];
  readonly unpooled?: number[];
}

/** A pool as a function of a graph, whatever it returns. */
export interface MadePool {
  readonly layer: Module;
  readonly forward: (
    graph: Graph,
  ) => { readonly x: Tensor } & Readonly<Record<string, Tensor | number | undefined>>;
}

/** The pool of a case. */
export function makePool({ name, options }: PoolCase, rng = new Rng(0)): MadePool {
  const {
    ratio,
    multiplier,
    min_score: minScore,
    nonlinearity,
    add_to_edge_score: addToEdgeScore,
  } = options as Record<string, number>;
  const select = {
    rng,
    ...(ratio === undefined ? {} : { ratio }),
    ...(minScore === undefined ? {} : { minScore }),
    ...(nonlinearity === undefined ? {} : { nonlinearity: sigmoid }),
  };
  switch (name) {
    case "TopKPooling": {
      const layer = new TopKPooling(3, { ...select, ...(multiplier === undefined ? {} : { multiplier }) });
      return { layer, forward: (graph) => ({ ...layer.forward(graph) }) };
    }
    case "EdgePooling": {
      const layer = new EdgePooling(3, { rng, ...(addToEdgeScore === undefined ? {} : { addToEdgeScore }) });
      return { layer, forward: (graph) => ({ ...layer.forward(graph) }) };
    }
    case "SAGPooling": {
      const layer = new SAGPooling(3, select);
      return { layer, forward: (graph) => ({ ...layer.forward(graph) }) };
    }
    case "ASAPooling": {
      const { add_self_loops: addSelfLoops } = options as { add_self_loops?: boolean };
      const layer = new ASAPooling(3, {
        rng,
        ...(ratio === undefined ? {} : { ratio }),
        ...(addSelfLoops === undefined ? {} : { addSelfLoops }),
      });
      return { layer, forward: (graph) => ({ ...layer.forward(graph) }) };
    }
    default: {
      const {
        depth,
        pool_ratios: poolRatios,
        sum_res: sumRes,
      } = options as {
        depth: number;
        pool_ratios?: number[];
        sum_res?: boolean;
      };
      const layer = new GraphUNet(3, 4, 2, depth, {
        rng,
        ...(poolRatios === undefined ? {} : { poolRatios }),
        ...(sumRes === undefined ? {} : { sumRes }),
      });
      return { layer, forward: (graph) => ({ x: layer.forward(graph) }) };
    }
  }
}

/** `sin(1.7 i + phase)` */
export const waves = (size: number, phase: number) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(Math.fround(1.7 * i) + phase));

/** The graphs of a case, side by side. */
export function graphOfPool({ sizes, edges, phase, weighted }: PoolCase): Graph {
  const nodes = sizes.reduce((a, b) => a + b);
  const count = edges[0].length;
  return graphOf({
    x: tensor2d(waves(3 * nodes, phase), [nodes, 3]),
    edgeIndex: edges,
    edgeAttr: tensor2d(
      Float32Array.from({ length: count }, (_, e) => e),
      [count, 1],
    ),
    ...(weighted && { edgeWeight: Float32Array.from({ length: count }, (_, e) => 1 + 0.5 * Math.cos(e)) }),
    batch: tensor1d(
      sizes.flatMap((size, i) => Array<number>(size).fill(i)),
      "int32",
    ),
    numGraphs: sizes.length,
  });
}
