import { readFile } from "node:fs/promises";
import { loadCheckpoint } from "../checkpoint/load-checkpoint.ts";
import type { CheckpointParts } from "../checkpoint/save-checkpoint.ts";

/** {@link loadCheckpoint} from a file. */
export async function readCheckpoint<Values extends object = Record<string, unknown>>(
  path: string,
  into?: CheckpointParts,
): Promise<Values> {
  return loadCheckpoint<Values>(await readFile(path), into);
}
