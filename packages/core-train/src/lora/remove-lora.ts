import type { Module } from "../module/module.ts";
import { existing } from "./merge-lora.ts";

/**
 * Removes the updates of a model and frees them. After {@link mergeLora} this is peft's `merge_and_unload()`: a plain model with the
 * changed weights; without, it is `unload()`: the model as it was. Its parameters stay frozen, see {@link unfreeze}.
 *
 * @throws {LoraError} If the model has no updates.
 */
export function removeLora(model: Module): void {
  for (const { layer, update } of existing("removeLora", model)) {
    Reflect.deleteProperty(layer, "lora");
    Reflect.deleteProperty(layer, "forward");
    update.dispose();
  }
}
