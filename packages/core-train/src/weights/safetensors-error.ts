/** Bytes that are not a whole, well-formed safetensors file, or numbers that one cannot hold. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}
