// A graph of ten blocks, and its sampler: the same in the page and in each worker. 1e6 edges with VITE_PELLUCID_LONG=1.
import { Rng } from "@pellucid/core-train";
import { neighborSampler, stochasticBlockModel } from "@pellucid/gnn";

const isLong = import.meta.env?.["VITE_PELLUCID_LONG"] === "1";
export const blockSize = isLong ? 5000 : 100;
export const steps = isLong ? 100 : 30;
const classes = Array.from({ length: 10 }, (_, block) => block);

export const graph = stochasticBlockModel(
  classes.map(() => blockSize),
  classes.map((a) => classes.map((b) => (a === b ? 14 : 0.7) / blockSize)),
  { rng: new Rng(0), features: 16, separation: 0.25 },
);

const order = new Rng(1).randperm(10 * blockSize);
export const test = order.slice(10 * blockSize * 0.3, 10 * blockSize * 0.3 + 1000);

export default neighborSampler(graph, [10, 10], { nodes: order.slice(0, 10 * blockSize * 0.3) });
