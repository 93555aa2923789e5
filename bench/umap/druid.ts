import { UMAP } from "@saehrimnir/druidjs";
import type { Step } from "../contestant.ts";
import { epochs, minDistance, neighbors, points, trustworthiness } from "./work.ts";

let map: ArrayLike<number>[] = [];

export async function prepare(): Promise<Step> {
  const rows = (await points()).map((row) => Array.from(row));
  return () => {
    const options = { d: 2, n_neighbors: neighbors, min_dist: minDistance, seed: 1 };
    map = Array.from(new UMAP(rows, options).transform(epochs));
    return Promise.resolve(0);
  };
}

export const quality = () => trustworthiness(map);
