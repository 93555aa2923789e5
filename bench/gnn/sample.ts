import { Rng } from "@pellucid/core-train";
import { neighborLists, sampleNeighbors } from "@pellucid/gnn";
import type { Step } from "../contestant.ts";
import { linkedNodes, links } from "./work.ts";

/** Two hops of ten neighbors of a thousand nodes, without replacement. */
export function prepare(): Promise<Step> {
  const lists = neighborLists(links());
  const rng = new Rng(0);
  return Promise.resolve(() => {
    const seeds = rng.randperm(linkedNodes).slice(0, 1000);
    const { edges } = sampleNeighbors(lists, seeds, [10, 10], { rng });
    return Promise.resolve(Math.round(edges.length / 10_000)); // as many for all, but for chance
  });
}
