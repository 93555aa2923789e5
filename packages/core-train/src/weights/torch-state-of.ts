import { type HostData, type HostTensor, permute } from "../host-tensor.ts";
import type { Module } from "../module/module.ts";
import { readTensors } from "./read-tensors.ts";
import { type TorchSlot, torchSlots } from "./torch-slots.ts";
import { checkArguments } from "../check-arguments.ts";

/** A model's parameters and buffers under PyTorch's names and in its layouts: what `state_dict()` returns there. */
export type TorchState = Readonly<Record<string, HostTensor>>;

/**
 * Reads a model's parameters and buffers as PyTorch's `model.state_dict()` would give them: its names, layouts and order. A
 * tensor that two fields share is there twice, as it is there. All are from the time of the call: steps taken while the
 * result is awaited do not show.
 */
export async function torchStateOf(model: Module): Promise<TorchState> {
  checkArguments("torchStateOf", { module: { model } });
  const slots = torchSlots(model);
  const values = await readTensors(slots.map(({ tensor }) => tensor));
  return Object.fromEntries(slots.map((slot, i) => [slot.name, toTorch(slot, values[i] as HostData)]));
}

function toTorch({ tensor, axes }: TorchSlot, data: HostData): HostTensor {
  return permute(
    { data, shape: tensor.shape },
    axes.toSorted((a, b) => a - b).map((axis) => axes.indexOf(axis)),
  );
}
