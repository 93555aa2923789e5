import { tidy } from "@tensorflow/tfjs-core";
import type { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import type { Rng } from "../rng/rng.ts";
import type { TorchLayout } from "../weights/torch-layout.ts";
import { initialTensor } from "./initial-tensor.ts";
import type { Initializer } from "./initializer.ts";
import { isWithoutInit } from "./without-init.ts";
import { checkModule, checkFunction } from "../check-callable.ts";

/**
 * Draws one parameter of a layer anew, in PyTorch's shape and order: `init.kaiming_normal_(layer.weight)` is
 * `initialize(layer, "weight", kaimingNormal(), rng)`. Does nothing within {@link withoutInit}, and only advances the generator where the
 * initializer skips.
 */
export function initialize<M extends Module>(
  layer: M & Partial<{ readonly torchLayout: TorchLayout }>,
  field: keyof M & string,
  init: Initializer,
  rng: Rng,
): void {
  checkModule("initialize", layer);
  checkFunction("initialize", "init", init);
  if (isWithoutInit()) return;
  const parameter = layer[field] as Parameter;
  const axes = layer.torchLayout?.[field]?.axes;
  const theirs = axes?.map((_, i) => parameter.shape[axes.indexOf(i)] ?? NaN) ?? parameter.shape;
  if (init.skip !== undefined) {
    init.skip(theirs, rng);
    return;
  }
  const drawn = init(theirs, rng);
  tidy(() => parameter.assign(initialTensor(drawn, axes)));
}
