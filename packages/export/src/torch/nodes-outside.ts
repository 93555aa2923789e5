import type { TracedCall, TracedNode } from "@pellucid/core-train";
import { torchLayer } from "./torch-layers.ts";

/** The ops that run outside of the layers of `torch.nn`, in order. */
export function nodesOutside(call: TracedCall): readonly TracedNode[] {
  return call.body.flatMap((item) => {
    if (item.kind === "node") return [item];
    return torchLayer(item.module) === null ? nodesOutside(item) : [];
  });
}
