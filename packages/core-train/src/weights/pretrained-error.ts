/** A folder of a pretrained model that cannot be used: files that are missing or contradict each other, an unknown architecture. */
export class PretrainedError extends Error {
  override readonly name = "PretrainedError";
}
