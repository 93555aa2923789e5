import { type CheckpointParts, saveCheckpoint } from "../checkpoint/save-checkpoint.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

/**
 * {@link saveCheckpoint} into a file: `kill -9` at any time leaves the whole old checkpoint or the whole new one.
 *
 * ```ts
 * await writeCheckpoint("run/last.safetensors", { model, optimizer, rng, epoch });
 * ```
 */
export async function writeCheckpoint(path: string, parts: CheckpointParts): Promise<void> {
  await writeFileAtomic(path, await saveCheckpoint(parts));
}
