import { checkArguments, DataError } from "@pellucid/core-train";
import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { edgeActivations } from "./edge-activations.ts";
import type { KAN } from "./kan.ts";
import { stdOf } from "./std-of.ts";

/** How much the outputs depend on each node and edge. */
export interface KANScores {
  /** Of the nodes of each layer, the inputs first. */
  readonly nodes: readonly Float64Array[];
  /** Of the edges of each layer, `[in][out]`. */
  readonly edges: readonly (readonly Float64Array[])[];
}

/**
 * Scores nodes and edges by how much of the spread of the outputs goes through them, from the outputs back:
 *
 *     edge[i, o] = node[o] · std(edge) / (std(sum at o) + 1e-4),   node[i] = Σ over o of edge[i, o]
 *
 * each output counts 1, and the scores are means over the outputs. Liu et al., 2024. KAN 2.0, section 4.1; the numbers are those of pykan's `attribute`.
 *
 * @param x two examples or more, `[batch, in]`
 * @throws {DataError} If there is one example only.
 */
export async function attribute(model: KAN, x: Tensor2D): Promise<KANScores> {
  checkArguments("attribute", { "{ actFun, symbolicFun }": { model }, tensor: { x } });
  if ((x.shape[0] ?? 0) < 2)
    throw new DataError(
      `attribute: x has ${x.shape[0]} examples, expected two or more: a spread needs them.`,
    );
  const spreads = tidy(() =>
    edgeActivations(model, x).map(({ edges, subnodes }) => ({
      edges: stdOf(edges),
      subnodes: stdOf(subnodes),
    })),
  );
  try {
    const read = await Promise.all(
      spreads.map(async ({ edges, subnodes }) => ({
        edges: await edges.data(),
        subnodes: await subnodes.data(),
      })),
    );
    return scoresOf(model, read);
  } finally {
    for (const { edges, subnodes } of spreads) {
      edges.dispose();
      subnodes.dispose();
    }
  }
}

type Spread = { readonly edges: ArrayLike<number>; readonly subnodes: ArrayLike<number> };

function scoresOf({ width, options, actFun }: KAN, spreads: readonly Spread[]): KANScores {
  const arity = options.multArity ?? 2;
  const [lastSums = 0, lastProducts = 0] = width.at(-1) ?? [];
  const outputs = lastSums + lastProducts;
  let nodes: Float64Array = new Float64Array(outputs).fill(1 / outputs);
  const nodeScores = [nodes];
  const edgeScores: Float64Array[][] = [];
  for (let l = actFun.length - 1; l >= 0; l--) {
    const { inDim = 0, outDim = 0 } = actFun[l] ?? {};
    const [sums = 0] = width[l + 1] ?? [];
    const { edges, subnodes } = spreads[l] as Spread;
    const later = nodes;
    const nodeOf = (o: number) => (o < sums ? o : sums + Math.floor((o - sums) / arity));
    const scores = Array.from({ length: inDim }, (_, i) =>
      Float64Array.from(
        { length: outDim },
        (__, o) =>
          ((later[nodeOf(o)] ?? NaN) * (edges[i * outDim + o] ?? NaN)) / ((subnodes[o] ?? NaN) + 1e-4),
      ),
    );
    nodes = Float64Array.from(scores, (row) => row.reduce((a, b) => a + b, 0));
    edgeScores.unshift(scores);
    nodeScores.unshift(nodes);
  }
  return { nodes: nodeScores, edges: edgeScores };
}
