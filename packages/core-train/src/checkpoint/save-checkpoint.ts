import { Tensor } from "@tensorflow/tfjs-core";
import type { HostData } from "../host-tensor.ts";
import { Module } from "../module/module.ts";
import { Optimizer } from "../optim/optimizer.ts";
import { encodeSafetensors } from "../weights/encode-safetensors.ts";
import { readTensors } from "../weights/read-tensors.ts";
import { type StoredTensor, toStoredTensor, toTorchTensor } from "../weights/stored-tensor.ts";
import { torchStateOf } from "../weights/torch-state-of.ts";
import { checkPartsRecord } from "./check-parts.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import {
  type CheckpointIndex,
  type CheckpointPart,
  checkpointVersion,
  indexKey,
} from "./checkpoint-index.ts";
import { encodeValue, type Leaves } from "./encode-value.ts";
import { isStateful } from "./stateful.ts";

/**
 * What training needs to resume, by any names: models, optimizers, whatever has `state()` and `restore(state)`, such as an
 * `Rng` or a loader, and plain values: numbers, texts, tensors, and arrays and records of them.
 */
export type CheckpointParts = Readonly<Record<string, unknown>>;

/**
 * Everything that training needs to resume, as one safetensors file, exact to the last bit. All values are those at the time of the call:
 * steps taken while the result is awaited do not show.
 *
 * ```ts
 * const bytes = await saveCheckpoint({ model, optimizer, rng, epoch });
 * const { epoch } = loadCheckpoint<{ epoch: number }>(bytes, { model, optimizer, rng });
 * ```
 *
 * In Node, `writeCheckpoint` puts it into a file such that a crash leaves the old one or the new one. In a page, the origin's
 * private file system does the same: `const stream = await handle.createWritable()`, `write(bytes)`, `close()`.
 *
 * A model's tensors are in PyTorch's names and layouts, after the part's name: `model.conv1.weight`.
 *
 * @throws {OptionError} parts that are not a record of names
 * @throws {CheckpointError} a part that cannot be saved
 */
export async function saveCheckpoint(parts: CheckpointParts): Promise<Uint8Array<ArrayBuffer>> {
  checkPartsRecord("saveCheckpoint", "parts", parts);
  const leaves: Leaves = new Map();
  const index: Record<string, CheckpointPart> = {};
  const models: [part: string, model: Module][] = [];
  for (const [part, value] of Object.entries(parts)) {
    if (part.includes("."))
      throw new CheckpointError(`saveCheckpoint: "${part}" names a part, expected no dot in it.`);
    index[part] = partOf(part, value, leaves);
    if (value instanceof Module) models.push([part, value]);
  }
  const tensors = [...leaves].filter((leaf): leaf is [string, Tensor] => leaf[1] instanceof Tensor);
  // All reads begin before the first one is awaited: none sees a later step.
  const [values, ...states] = await Promise.all([
    readTensors(tensors.map(([, tensor]) => tensor)),
    ...models.map(([, model]) => torchStateOf(model)),
  ]);
  const stored: Record<string, StoredTensor> = {};
  for (const [name, leaf] of leaves) if (!(leaf instanceof Tensor)) stored[name] = leaf;
  for (const [i, [name, tensor]] of tensors.entries()) stored[name] = store(tensor, values[i] as HostData);
  for (const [i, state] of states.entries()) {
    const [part] = models[i] as [string, Module];
    for (const [name, value] of Object.entries(state)) stored[`${part}.${name}`] = toTorchTensor(value);
  }
  const text = JSON.stringify({ version: checkpointVersion, parts: index } satisfies CheckpointIndex);
  return encodeSafetensors(stored, { [indexKey]: text });
}

function partOf(part: string, value: unknown, leaves: Leaves): CheckpointPart {
  if (value instanceof Module) return { kind: "model" };
  if (value instanceof Optimizer) return { kind: "optimizer", json: encodeValue(value.state, part, leaves) };
  if (isStateful(value)) return { kind: "state", json: encodeValue(value.state(), part, leaves) };
  return { kind: "value", json: encodeValue(value, part, leaves) };
}

function store({ dtype, shape }: Tensor, data: HostData): StoredTensor {
  const stored = toStoredTensor({ data, shape });
  return dtype === "bool" ? { ...stored, dtype: "BOOL" } : stored;
}
