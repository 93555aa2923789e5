import { TSNE } from "@saehrimnir/druidjs";
import type { Step } from "../contestant.ts";
import { perplexity, points } from "./work.ts";

export async function prepare(): Promise<Step> {
  const rows = (await points()).map((row) => Array.from(row));
  const steps = new TSNE(rows, { d: 2, perplexity, epsilon: 10, seed: 1 }).generator(1e9);
  return () => {
    steps.next();
    return Promise.resolve(0);
  };
}
