import type { OnnxGraphFile } from "../read/read-model.ts";
import { elementwiseOps } from "./ops/elementwise.ts";

/** The ops whose first input and output have channels as their second axis. */
const ofChannels = new Set([
  "AveragePool",
  "BatchNormalization",
  "Conv",
  "ConvTranspose",
  "DepthToSpace",
  "GlobalAveragePool",
  "GlobalMaxPool",
  "GridSample",
  "GroupNormalization",
  "InstanceNormalization",
  "MaxPool",
  "Resize",
  "RoiAlign",
  "SpaceToDepth",
]);

/** The ops that keep the order of axes. */
const keeping = new Set([...Object.keys(elementwiseOps), "Concat", "Pad", "Slice", "Split"]);

/** The values of a graph that have channels as their second axis: what convolutions, pools and norms take and give, and what is computed from it number by number. */
export function imageValues({ nodes }: OnnxGraphFile): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { op, inputs, outputs } of nodes)
    if (ofChannels.has(op)) for (const name of [inputs[0], outputs[0]]) found.add(name ?? "");
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const { op, inputs, outputs } of nodes) {
      const names = [...inputs, ...outputs];
      if (keeping.has(op) && names.some((name) => found.has(name))) for (const name of names) found.add(name);
    }
  }
  found.delete("");
  return found;
}
