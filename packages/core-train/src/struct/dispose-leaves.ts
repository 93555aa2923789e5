import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { leaves } from "./leaves.ts";

/**
 * Frees the tensors of a structure. tfjs' `dispose` does not take an interface.
 *
 * @param except tensors to spare, which others own. Default: none
 */
export function disposeLeaves(x: unknown, except: readonly Tensor[] = []): void {
  dispose(leaves(x).filter((leaf) => !except.includes(leaf)));
}
