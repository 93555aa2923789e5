import { checkArguments } from "@pellucid/core-train";
import { checkHostTensor } from "../data/check-host-tensor.ts";
import type { GraphData } from "../data/graph-data.ts";

/**
 * Lifts all features so that the smallest is 0, then divides each node's by their sum, if that is above 1: PyG's `NormalizeFeatures`.
 *
 * @returns the graph with new features
 */
export function normalizeFeatures<Data extends Pick<GraphData, "x">>(graph: Data): Data {
  checkArguments("normalizeFeatures", { "{ x }": { graph } });
  checkHostTensor("normalizeFeatures", "x", graph.x);
  const { data, shape } = graph.x;
  const [nodes = 0, features = 0] = shape;
  const least = data.reduce((min, value) => Math.min(min, value), Infinity);
  const normalized = new Float32Array(data.length);
  for (let v = 0; v < nodes; v++) {
    let sum = 0;
    for (let i = v * features; i < (v + 1) * features; i++) sum += (data[i] ?? NaN) - least;
    const scale = 1 / Math.max(1, sum);
    for (let i = v * features; i < (v + 1) * features; i++)
      normalized[i] = ((data[i] ?? NaN) - least) * scale;
  }
  return { ...graph, x: { data: normalized, shape } };
}
