import { sub } from "@tensorflow/tfjs-core";
import type { Module } from "../module/module.ts";
import { change, existing } from "./merge-lora.ts";

/**
 * Subtracts from each weight the update that {@link mergeLora} added, up to rounding; training resumes from there.
 *
 * @throws {LoraError} If the model has no updates.
 */
export function unmergeLora(model: Module): void {
  const layers = existing("unmergeLora", model).filter(({ update }) => update.merged);
  change(layers, (weight, delta) => sub(weight, delta), false);
}
