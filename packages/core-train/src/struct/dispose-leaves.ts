import { StructError } from "./struct-error.ts";
import { found } from "../check-tensor.ts";
import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { leaves } from "./leaves.ts";

/**
 * Frees the tensors of a structure. tfjs' `dispose` does not take an interface.
 *
 * @param except tensors to spare, which others own. Default: none
 */
export function disposeLeaves(x: unknown, except: readonly Tensor[] = []): void {
  if (!Array.isArray(except))
    throw new StructError(`disposeLeaves: except is ${found(except)}, expected tensors.`);
  dispose(leaves(x).filter((leaf) => !except.includes(leaf)));
}
