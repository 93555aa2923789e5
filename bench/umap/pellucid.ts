import { useBackend, type BackendName } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { umap } from "@pellucid/interpret";
import { tensor2d } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { epochs, minDistance, neighbors, points, trustworthiness } from "./work.ts";

let map: number[][] = [];

export async function prepare(backend: string): Promise<Step> {
  await useBackend({ only: backend as BackendName });
  const rows = await points();
  const x = tensor2d(Float32Array.from(rows.flatMap((row) => Array.from(row))), [rows.length, 64]);
  return async () => {
    const found = await umap(x, { rng: new Rng(0), neighbors, minDistance, steps: epochs });
    map = await found.array();
    found.dispose();
    return 0;
  };
}

export const quality = () => trustworthiness(map);
