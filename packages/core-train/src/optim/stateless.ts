import type { Tensor } from "@tensorflow/tfjs-core";
import { mapByPath } from "./map-by-path.ts";
import { unknownParameter } from "./parameter-error.ts";
import type { Stateless, Transform } from "./transform.ts";

/** Applies a function to each update, without state. */
export function stateless(
  change: (update: Tensor, parameter: Tensor, path: string) => Tensor,
): Transform<Stateless> {
  return {
    init: () => ({}),
    update: (gradients, state, parameters) => [
      mapByPath(gradients, (gradient, path) => {
        const parameter = parameters[path];
        if (parameter === undefined) throw unknownParameter(path, parameters);
        return change(gradient, parameter, path);
      }),
      state,
    ],
  };
}
