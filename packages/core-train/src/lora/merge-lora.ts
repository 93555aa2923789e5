import { add, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Module } from "../module/module.ts";
import { type AdaptedLayer, adaptedLayers, usesOf } from "./adapted-layer.ts";
import { LoraError } from "./lora-error.ts";

/**
 * Adds each update to the weight of its layer, `W + (α / r) · A B`: the model computes what it did, as fast as without updates. While
 * merged, the updates are not trained. {@link unmergeLora} takes them out again.
 *
 * @throws {LoraError} If the model has no updates, if a weight is shared with another layer, which would change too, or if a
 *   convolution has groups, whose filters cannot hold it; the model has not changed.
 */
export function mergeLora(model: Module): void {
  const layers = existing("mergeLora", model).filter(({ update }) => !update.merged);
  const wrong = layers.flatMap(({ path, layer }) => {
    if (usesOf(model, layer.weight) > 1) return [`the weight of ${path} is shared with another layer`];
    if ("groups" in layer && layer.groups > 1) return [`${path} has ${layer.groups} groups`];
    return [];
  });
  if (wrong.length > 0)
    throw new LoraError(`mergeLora: ${wrong.join("; ")}. Keep the updates apart: use the model unmerged.`);
  change(layers, (weight, delta) => add(weight, delta), true);
}

/** Writes the weights `next(W, (α / r) · A B)`: all of them, or none when a backend has no room for one. */
export function change(
  layers: readonly AdaptedLayer[],
  next: (weight: Tensor, delta: Tensor) => Tensor,
  merged: boolean,
): void {
  tidy(() => {
    const changed = layers.map(({ layer, update }) => next(layer.weight, update.deltaWeight()));
    for (const [i, { layer, update }] of layers.entries()) {
      layer.weight.assign(changed[i] as never);
      update.merged = merged;
    }
  });
}

/** The layers with updates, of which there must be some. */
export function existing(caller: string, model: Module): readonly AdaptedLayer[] {
  const layers = adaptedLayers(model);
  if (layers.length > 0) return layers;
  throw new LoraError(
    `${caller}: ${model.constructor.name} has no updates. Add some by applyLora or loadLora.`,
  );
}
