import type { Module } from "@pellucid/core-train";
import { torchLayer } from "./torch-layers.ts";

/** Whether a module has weights or layers of `torch.nn`; otherwise it is only a function. */
export function hasLayers(module: Module): boolean {
  return (
    [...module.slots()].length > 0 ||
    [...module.namedModules()].some(([, inner]) => torchLayer(inner) !== null)
  );
}
