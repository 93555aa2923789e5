import { UMAP } from "umap-js";
import { Rng } from "@pellucid/core-train";
import type { Step } from "../contestant.ts";
import { epochs, minDistance, neighbors, points, trustworthiness } from "./work.ts";

let map: number[][] = [];

export async function prepare(): Promise<Step> {
  const rows = (await points()).map((row) => Array.from(row));
  return () => {
    const rng = new Rng(0);
    const random = () => rng.uint32() / 2 ** 32;
    map = new UMAP({ nNeighbors: neighbors, minDist: minDistance, nEpochs: epochs, random }).fit(rows);
    return Promise.resolve(0);
  };
}

export const quality = () => trustworthiness(map);
