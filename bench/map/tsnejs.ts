import { TSNE } from "@keckelt/tsne";
import type { Step } from "../contestant.ts";
import { perplexity, points } from "./work.ts";

export async function prepare(): Promise<Step> {
  const map = new TSNE({ epsilon: 10, perplexity, dim: 2 });
  map.initDataRaw((await points()).map((row) => Array.from(row)));
  return () => {
    map.step();
    return Promise.resolve(0);
  };
}
