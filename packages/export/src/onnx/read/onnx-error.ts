/** An ONNX file that is malformed, or has what cannot be imported. The text names the op and its node. */
export class OnnxError extends Error {
  override readonly name = "OnnxError";
}
