import { nearestNeighbors } from "@pellucid/interpret";
import { jointProbabilities } from "../../packages/interpret/src/embedding/joint-probabilities.ts";
import { RepulsionTree } from "../../packages/interpret/src/embedding/repulsion-tree.ts";
import { tsneGradient } from "../../packages/interpret/src/embedding/tsne-by-tree.ts";
import type { Step } from "../contestant.ts";
import { perplexity, points } from "./work.ts";

/** The steps that `tsne` goes, without the neighbors that it finds once. */
export async function prepare(): Promise<Step> {
  const rows = await points();
  const data = Float32Array.from(rows.flatMap((row) => Array.from(row)));
  const near = await nearestNeighbors({ data, shape: [rows.length, 64] }, 3 * perplexity);
  const p = jointProbabilities(near, perplexity);
  const y = Float64Array.from({ length: 2 * rows.length }, (_, i) => 1e-4 * Math.sin(i * 12.9898) * 43.7);
  const tree = new RepulsionTree(rows.length, 2);
  const [gradient, speed] = [new Float64Array(y.length), new Float64Array(y.length)];
  return () => {
    tsneGradient({ p, y, tree, dimensions: 2, theta: 0.5, exaggeration: 1 }, gradient);
    for (let i = 0; i < y.length; i++) {
      speed[i] = 0.8 * (speed[i] ?? 0) - 50 * (gradient[i] ?? 0);
      y[i] = (y[i] ?? 0) + (speed[i] ?? 0);
    }
    return Promise.resolve(0);
  };
}
