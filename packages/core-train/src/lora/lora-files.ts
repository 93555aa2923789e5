/** An adapter as peft stores it: the two files of its folder. */
export interface LoraFiles {
  readonly "adapter_config.json": string;
  readonly "adapter_model.safetensors": Uint8Array;
}
