import { loadWeights, Rng, withoutInit } from "@pellucid/core-train";
import { type HostEdges, hostEdges, toGraph } from "@pellucid/gnn";
import type { Graph } from "@pellucid/gnn";
import { HouseNet, houses as drawn } from "./house-net.ts";

/** The trained net of houses with its graph. */
export interface Houses {
  readonly net: HouseNet;
  readonly graph: Graph;
  readonly edges: HostEdges;
  /** Ones for the edges of houses, `[edge]`. */
  readonly truth: Int32Array;
}

/** Loaded anew at each call; the net and the graph are the caller's to free. */
export async function houses(): Promise<Houses> {
  const net = withoutInit(() => new HouseNet({ rng: new Rng(0) }));
  const file = await fetch(new URL("./house-net.safetensors", import.meta.url).href);
  loadWeights(net, await file.arrayBuffer());
  const data = drawn();
  return { net, graph: toGraph(data), edges: hostEdges(data), truth: data.edgeLabel.data };
}

/** Whether a node is in the same house as another. */
export const housePart = (node: number) => (other: number) =>
  other >= 60 && node >= 60 && Math.floor((other - 60) / 5) === Math.floor((node - 60) / 5);
