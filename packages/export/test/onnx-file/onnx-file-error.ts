/** A file that is not an ONNX model, or is truncated. */
export class OnnxFileError extends Error {
  override readonly name = "OnnxFileError";
}
