/** TensorFlow's library could not be set up. The message says what to do. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}
