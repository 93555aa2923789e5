/** A node or edge that a {@link Network} does not have, or an input that is not a node, as networkx's `NetworkXError`. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}
