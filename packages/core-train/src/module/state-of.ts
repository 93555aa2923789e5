import type { Variable } from "@tensorflow/tfjs-core";
import type { ByPath } from "./freeze.ts";
import type { Module } from "./module.ts";
import { checkModule } from "../check-callable.ts";

/** Everything that is saved of a model, by path: its parameters and buffers, each once. */
export function stateOf(module: Module): ByPath<Variable> {
  checkModule("stateOf", module);
  const state: Record<string, Variable> = {};
  const seen = new Set<Variable>();
  for (const { path, tensor } of module.slots()) {
    if (!seen.has(tensor)) state[path] = tensor;
    seen.add(tensor);
  }
  return state;
}
