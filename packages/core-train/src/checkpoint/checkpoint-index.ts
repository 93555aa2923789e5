import { Module } from "../module/module.ts";
import { Optimizer } from "../optim/optimizer.ts";
import { isStateful } from "./stateful.ts";

/** What a part of a checkpoint was: it is loaded into one of its kind. */
export type PartKind = "model" | "optimizer" | "state" | "value";

/** The parts of a checkpoint and everything of them but their numbers: JSON in the metadata of its file. */
export interface CheckpointIndex {
  readonly version: number;
  readonly parts: Readonly<Record<string, CheckpointPart>>;
}

/** One part, with the JSON that `decodeValue` reads. A model has none: it is tensors only. */
export interface CheckpointPart {
  readonly kind: PartKind;
  readonly json?: unknown;
}

/** The key of the index in the metadata. */
export const indexKey = "pellucid.checkpoint";

/** The version of the format that is written, and the one that is read. */
export const checkpointVersion = 1;

/** How a value is saved: models and optimizers by what they hold, a generator by where it stands, all else as it is. */
export function kindOf(value: unknown): PartKind {
  if (value instanceof Module) return "model";
  if (value instanceof Optimizer) return "optimizer";
  return isStateful(value) ? "state" : "value";
}
