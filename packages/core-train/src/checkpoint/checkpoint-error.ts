/** Something that a checkpoint cannot hold, or a checkpoint that is not whole or does not fit. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}
