import { checkOptions } from "../check-options.ts";
import type { HostTensor } from "../host-tensor.ts";
import { permute } from "../host-tensor.ts";
import type { Module } from "../module/module.ts";
import { encodeSafetensors } from "../weights/encode-safetensors.ts";
import { readTensors } from "../weights/read-tensors.ts";
import type { HasTorchLayout } from "../weights/torch-layout.ts";
import { torchPaths } from "../weights/torch-paths.ts";
import { Linear } from "../nn/linear.ts";
import type { AdaptedLayer } from "./adapted-layer.ts";
import type { LoraFiles } from "./lora-files.ts";
import type { LoraUpdate } from "./lora-update.ts";
import { existing } from "./merge-lora.ts";

/** Options for {@link saveLora}. */
export interface SaveLoraOptions {
  /** The model that the updates belong to, by name on a hub or by folder, for who reads the files. Default: not stated. */
  readonly baseModel?: string;
}

/**
 * The updates of a model as the two files of a folder that `peft.PeftModel.from_pretrained(base, folder)` reads, in peft's names and layouts.
 *
 * @throws {LoraError} If the model has no updates.
 */
export async function saveLora(model: Module, options: SaveLoraOptions = {}): Promise<LoraFiles> {
  checkOptions("saveLora", options, ["baseModel"]);
  const layers = existing("saveLora", model);
  const paths = torchPaths(model);
  const slots = layers.flatMap(({ layer, update }) =>
    Object.entries(update.factors()).map(([name, factor]) => ({
      name: `base_model.model.${paths.get(layer) ?? ""}.${name}`,
      ...factor,
    })),
  );
  const config = configOf(layers, paths, options.baseModel ?? null);
  const values = await readTensors(slots.map(({ tensor }) => tensor));
  const tensors = slots.map(({ name, tensor, axes }, i): readonly [string, HostTensor] => {
    const ours = { data: values[i] as HostTensor["data"], shape: tensor.shape };
    const inverse = axes.map((_, axis) => axes.indexOf(axis));
    return [name, permute(ours, inverse)];
  });
  return {
    "adapter_config.json": `${JSON.stringify(config, null, 2)}\n`,
    "adapter_model.safetensors": encodeSafetensors(Object.fromEntries(tensors), { format: "pt" }),
  };
}

function configOf(
  layers: readonly AdaptedLayer[],
  paths: ReadonlyMap<Module, string>,
  baseModel: string | null,
): object {
  const { rank, alpha, dropout, useRslora } = (layers[0] as { update: LoraUpdate }).update.settings;
  return {
    base_model_name_or_path: baseModel,
    bias: "none",
    fan_in_fan_out: layers.some(({ layer }) => layer instanceof Linear && storesInFirst(layer)),
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: alpha,
    lora_dropout: dropout,
    modules_to_save: null,
    peft_type: "LORA",
    r: rank,
    target_modules: targetsOf(layers, paths),
    task_type: null,
    use_dora: false,
    use_rslora: useRslora,
  };
}

/** Whether files have the weight of a linear layer as `[in, out]`. */
function storesInFirst(layer: Linear & Partial<HasTorchLayout>): boolean {
  return layer.torchLayout["weight"]?.axes === undefined;
}

/** The last parts of the paths, if they name no other layers; otherwise the paths. */
function targetsOf(layers: readonly AdaptedLayer[], paths: ReadonlyMap<Module, string>): readonly string[] {
  const whole = layers.map(({ layer }) => paths.get(layer) ?? "");
  const last = [...new Set(whole.map((path) => path.slice(path.lastIndexOf(".") + 1)))];
  const meant = [...paths.values()].filter((path) =>
    last.some((name) => path === name || path.endsWith(`.${name}`)),
  );
  return (meant.length === whole.length ? last : whole).toSorted();
}
