import type { Variable } from "@tensorflow/tfjs-core";
import type { Module } from "../module/module.ts";
import { Conv1d } from "../nn/conv1d.ts";
import { Conv2d } from "../nn/conv2d.ts";
import { Conv3d } from "../nn/conv3d.ts";
import { Embedding } from "../nn/embedding.ts";
import { Linear } from "../nn/linear.ts";
import { ConvolutionUpdate } from "./convolution-update.ts";
import { EmbeddingUpdate } from "./embedding-update.ts";
import { LinearUpdate } from "./linear-update.ts";
import { type LoraSettings, LoraUpdate } from "./lora-update.ts";
import { checkModule } from "../check-callable.ts";

/** A layer that has an update. */
export interface AdaptedLayer {
  readonly path: string;
  readonly layer: Adaptable;
  readonly update: LoraUpdate;
}

/** A layer that an update can be added to. */
export type Adaptable = Linear | Embedding | Conv1d | Conv2d | Conv3d;

const classes = [Linear, Embedding, Conv1d, Conv2d, Conv3d] as const;

/** Whether a layer computes what its class does: a subclass that computes something else with its weight has no update. */
export function isAdaptable(layer: Module): layer is Adaptable {
  return classes.some(
    (each) =>
      layer instanceof each &&
      Reflect.get(Object.getPrototypeOf(layer) as object, "forward") ===
        Reflect.get(each.prototype, "forward"),
  );
}

/** The update that a layer has. */
export function updateOf(layer: Module): LoraUpdate | null {
  const lora: unknown = Reflect.get(layer, "lora");
  return lora instanceof LoraUpdate ? lora : null;
}

/** Every layer of a model that has an update. */
export function adaptedLayers(model: Module): readonly AdaptedLayer[] {
  checkModule("adaptedLayers", model);
  return [...model.namedModules()].flatMap(([path, layer]) => {
    const update = updateOf(layer);
    return update !== null && isAdaptable(layer) ? [{ path, layer, update }] : [];
  });
}

/** Makes the update of a layer. */
export function makeUpdate(layer: Adaptable, settings: LoraSettings): LoraUpdate {
  if (layer instanceof Linear) return new LinearUpdate(layer, settings);
  if (layer instanceof Embedding) return new EmbeddingUpdate(layer, settings);
  return new ConvolutionUpdate(layer, settings);
}

/** How many fields of a model hold a tensor. */
export function usesOf(model: Module, tensor: Variable): number {
  return [...model.slots()].filter((slot) => slot.tensor === tensor).length;
}
