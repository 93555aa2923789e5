/** A file that is not an ONNX model, is truncated, or has what cannot be imported. */
export class OnnxFileError extends Error {
  override readonly name = "OnnxFileError";
}
