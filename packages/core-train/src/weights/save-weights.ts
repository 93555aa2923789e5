import { checkOptions } from "../check-options.ts";
import type { Module } from "../module/module.ts";
import { encodeSafetensors } from "./encode-safetensors.ts";
import { toTorchTensor } from "./stored-tensor.ts";
import { torchStateOf } from "./torch-state-of.ts";
import { checkArguments } from "../check-arguments.ts";

/** Options for {@link saveWeights}. */
export interface SaveWeightsOptions {
  /** Texts that are stored with the weights. Hugging Face's `from_pretrained` asks for `{ format: "pt" }`. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A model's parameters and buffers as a safetensors file, in PyTorch's names, formats and layouts: the bytes that
 * `safetensors.torch.save(model.state_dict())` gives there. Integers are `I64`, PyTorch's own kind.
 *
 * In PyTorch: `model.load_state_dict(safetensors.torch.load_file(path), strict=True)`. A tensor that two fields share is
 * written under both names, which this needs.
 */
export async function saveWeights(
  model: Module,
  options: SaveWeightsOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkArguments("saveWeights", { module: { model } });
  checkOptions("saveWeights", options, ["metadata"]);
  const state = Object.entries(await torchStateOf(model));
  return encodeSafetensors(
    Object.fromEntries(state.map(([name, tensor]) => [name, toTorchTensor(tensor)])),
    options.metadata,
  );
}
