import { dispose, keep, type Tensor, type TensorContainer, tensor_util, tidy } from "@tensorflow/tfjs-core";
import { Module } from "../module/module.ts";
import { Optimizer } from "../optim/optimizer.ts";
import { assignAll } from "../weights/assign-all.ts";
import { parseSafetensors, type Safetensors } from "../weights/parse-safetensors.ts";
import type { StoredTensor } from "../weights/stored-tensor.ts";
import { planWeights, type WeightsPlan } from "../weights/plan-weights.ts";
import { didYouMean } from "../did-you-mean.ts";
import { checkPartsRecord } from "./check-parts.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import { type CheckpointIndex, checkpointVersion, indexKey, kindOf } from "./checkpoint-index.ts";
import { decodeValue } from "./decode-value.ts";
import { differences } from "./differences.ts";
import type { CheckpointParts } from "./save-checkpoint.ts";
import { isStateful, type Stateful } from "./stateful.ts";

/**
 * Resumes training where {@link saveCheckpoint} was called: every model, optimizer and generator in `into` takes the state of
 * its part. All of them do or, when anything is wrong, none: then nothing has changed.
 *
 * @param into what is to resume, by the names it was saved under
 * @returns the plain values that were saved, by their names; tensors in them are the caller's
 * @throws {OptionError} `into` that is not a record of names
 * @throws {SafetensorsError} a cut or malformed file
 * @throws {CheckpointError} a file that is not a checkpoint, or one of other parts
 * @throws {WeightsError} weights of another model
 */
export function loadCheckpoint<Values extends object = Record<string, unknown>>(
  bytes: Uint8Array | ArrayBuffer,
  into: CheckpointParts = {},
): Values {
  checkPartsRecord("loadCheckpoint", "into", into);
  const file = parseSafetensors(bytes);
  const index = readIndex(file);
  checkParts(index, into);
  const made: Tensor[] = [];
  const undo: (() => void)[] = [];
  const decode = (part: string): unknown => decodeValue(index.parts[part]?.json, part, file.tensors, made);
  try {
    const weights: WeightsPlan["values"][number][] = [];
    const optimizers: [Optimizer, state: unknown][] = [];
    const states: [part: string, Stateful, state: unknown][] = [];
    for (const [part, value] of Object.entries(into)) {
      if (value instanceof Module) weights.push(...planWeights(value, tensorsOf(file, part)).values);
      else if (value instanceof Optimizer) optimizers.push([value, fitting(part, value, decode(part))]);
      else if (isStateful(value)) states.push([part, value, decode(part)]);
    }
    const names = Object.keys(index.parts).filter((part) => index.parts[part]?.kind === "value");
    const values = Object.fromEntries(names.map((part) => [part, decode(part)]));
    for (const [part, stateful, state] of states) {
      const before = stateful.state();
      undo.push(() => stateful.restore(before));
      resume(part, stateful, state);
    }
    assignAll(weights);
    for (const [optimizer, state] of optimizers) optimizer.restore(keepAll(state));
    return values as Values;
  } catch (error) {
    dispose(made);
    for (const back of undo.toReversed()) back();
    throw error;
  }
}

function readIndex({ metadata }: Safetensors): CheckpointIndex {
  const text = metadata[indexKey];
  if (text === undefined) {
    throw new CheckpointError(
      "loadCheckpoint: this is not a checkpoint; if it is a file of weights, see loadWeights.",
    );
  }
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError("loadCheckpoint: the list of parts is not JSON.", { cause });
  }
  const { version, parts } = (index ?? {}) as Partial<CheckpointIndex>;
  if (version !== checkpointVersion) {
    throw new CheckpointError(
      `loadCheckpoint: the checkpoint has version ${version}, expected ${checkpointVersion}.`,
    );
  }
  if (!isRecord(parts) || !Object.values(parts).every(isRecord)) {
    throw new CheckpointError("loadCheckpoint: the list of parts is not complete.");
  }
  return { version, parts };
}

function checkParts({ parts }: CheckpointIndex, into: CheckpointParts): void {
  const wrong = Object.entries(into).flatMap(([part, value]) => {
    const kind = kindOf(value);
    const saved = Object.hasOwn(parts, part) ? parts[part]?.kind : undefined;
    if (kind === "value") return [`${part} can take nothing: a plain value comes back from the call`];
    if (saved === undefined) return [`${part} was not saved${didYouMean(part, Object.keys(parts), "")}`];
    return saved === kind ? [] : [`${part} was saved as ${saved}, not as ${kind}`];
  });
  if (wrong.length === 0) return;
  const saved = Object.keys(parts).join(", ");
  throw new CheckpointError(`loadCheckpoint: ${wrong.join("; ")}. The checkpoint has ${saved}.`);
}

/** The tensors of a model that was saved as `part`. */
function tensorsOf({ tensors }: Safetensors, part: string): Record<string, StoredTensor> {
  const entries = Object.entries(tensors).filter(([name]) => name.startsWith(`${part}.`));
  return Object.fromEntries(entries.map(([name, stored]) => [name.slice(part.length + 1), stored]));
}

/** A decoded state, if this optimizer can have it. */
function fitting(part: string, { transform, parameters }: Optimizer, state: unknown): unknown {
  const found = tidy(() => differences(state, transform.init(parameters), part));
  if (found.length === 0) return state;
  throw new CheckpointError(
    `loadCheckpoint: ${part} is another optimizer's, or other parameters': ${found.join("; ")}.`,
  );
}

function resume(part: string, stateful: Stateful, state: unknown): void {
  try {
    stateful.restore(state);
  } catch (cause) {
    throw new CheckpointError(`loadCheckpoint: ${part} cannot resume from its state: ${String(cause)}`, {
      cause,
    });
  }
}

function keepAll(state: unknown): unknown {
  for (const tensor of tensor_util.getTensorsInContainer(state as TensorContainer)) keep(tensor);
  return state;
}

function isRecord(value: unknown): value is Record<string, never> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
