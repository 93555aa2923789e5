import { tidy } from "@tensorflow/tfjs-core";
import { leaves } from "./leaves.ts";
import { checkFunction } from "../check-callable.ts";

/**
 * Frees all tensors that `body` makes but those of the structure that it returns. tfjs' `tidy` does not take an interface.
 *
 * @throws StructError where `body` returns what is not a structure; all tensors are freed then
 */
export function tidyLeaves<X>(body: () => X): X {
  checkFunction("tidyLeaves", "body", body);
  const made: { result?: X } = {};
  tidy(() => {
    made.result = body();
    return leaves(made.result);
  });
  return made.result as X;
}
