/** A model that cannot be written as PyTorch source. The message names the module and the op. */
export class TorchExportError extends Error {
  override readonly name = "TorchExportError";
}
