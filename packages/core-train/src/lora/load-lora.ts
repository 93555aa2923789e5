import { checkOptions } from "../check-options.ts";
import { checkRng } from "../check-values.ts";
import { type HostTensor, permute } from "../host-tensor.ts";
import { withoutInit } from "../init/without-init.ts";
import { trainable } from "../module/freeze.ts";
import type { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import type { Rng } from "../rng/rng.ts";
import { assignAll } from "../weights/assign-all.ts";
import { parseSafetensors } from "../weights/parse-safetensors.ts";
import { type StoredTensor, toHostTensor } from "../weights/stored-tensor.ts";
import { torchPaths } from "../weights/torch-paths.ts";
import { adaptedLayers } from "./adapted-layer.ts";
import { applyLora } from "./apply-lora.ts";
import { LoraError } from "./lora-error.ts";
import type { LoraFiles } from "./lora-files.ts";
import { readLoraConfig } from "./read-lora-config.ts";
import { removeLora } from "./remove-lora.ts";

/** Options for {@link loadLora}. */
export interface LoadLoraOptions {
  /** Random generator for dropout. */
  readonly rng: Rng;
}

/**
 * Adds the updates of a folder that peft's `save_pretrained` or {@link saveLora} wrote to a model, as {@link applyLora} does, all of them
 * or, when anything is wrong, none.
 *
 * @returns the paths of the layers that have an update now
 * @throws {LoraError} If the configuration is malformed or has what is not plain LoRA, or entries are missing, unknown or of other shapes.
 * @throws {SafetensorsError} If the file of weights is malformed.
 */
export function loadLora(model: Module, files: LoraFiles, options: LoadLoraOptions): readonly string[] {
  checkRng("loadLora", options);
  checkOptions("loadLora", options, ["rng"]);
  const { "adapter_config.json": text, "adapter_model.safetensors": bytes } = files;
  const settings = readLoraConfig(text);
  const { tensors } = parseSafetensors(bytes);
  const trained = Object.values(trainable(model));
  const paths = withoutInit(() => applyLora(model, { ...settings, rng: options.rng }));
  try {
    assignAll(valuesOf(model, tensors));
  } catch (error) {
    removeLora(model);
    for (const parameter of trained) parameter.trainable = true;
    throw error;
  }
  return paths;
}

/** The value of every factor; all that can be wrong with a file is found here. */
function valuesOf(
  model: Module,
  tensors: Readonly<Record<string, StoredTensor>>,
): readonly (readonly [Parameter, HostTensor])[] {
  const factors = expectedFactors(model);
  const names = new Set(factors.map(({ name }) => name));
  const wrong = [
    ...factors.flatMap(({ name, parameter, axes }) =>
      misfit(name, tensors[name], torchShape(parameter, axes)),
    ),
    ...Object.keys(tensors)
      .filter((name) => !names.has(name))
      .map((name) => `${name} is unknown`),
  ];
  if (wrong.length > 0)
    throw new LoraError(`loadLora: the file does not fit ${model.constructor.name}: ${wrong.join("; ")}.`);
  return factors.map(({ name, parameter, axes }) => [
    parameter,
    permute(toHostTensor(tensors[name] as StoredTensor, name), axes),
  ]);
}

function misfit(name: string, stored: StoredTensor | undefined, shape: readonly number[]): readonly string[] {
  if (stored?.shape.join() === shape.join() && /^B?F/.test(stored.dtype)) return [];
  const actual = stored === undefined ? "missing" : `${stored.dtype} [${stored.shape.join(", ")}]`;
  return [`${name} is ${actual}, expected F32 [${shape.join(", ")}]`];
}

function torchShape({ shape }: Parameter, axes: readonly number[]): readonly number[] {
  return axes.map((_, axis) => shape[axes.indexOf(axis)] ?? NaN);
}

/** The factors of all updates by their names in a file. */
function expectedFactors(
  model: Module,
): readonly { readonly name: string; readonly parameter: Parameter; readonly axes: readonly number[] }[] {
  const paths = torchPaths(model);
  return adaptedLayers(model).flatMap(({ layer, update }) =>
    Object.entries(update.factors()).map(([name, { tensor, axes }]) => ({
      name: `base_model.model.${paths.get(layer) ?? ""}.${name}`,
      parameter: tensor,
      axes,
    })),
  );
}
