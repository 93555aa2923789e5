import { checkSizeArray, type Layer, OptionError } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * Layers from size to size, with activations between them.
 *
 * @throws OptionError for fewer than two sizes, or a wrong one
 */
export function linearChain(
  caller: string,
  sizes: readonly number[],
  linear: (from: number, to: number) => Layer<Tensor, Tensor>,
  between: () => Layer<Tensor, Tensor>,
): Layer<Tensor, Tensor>[] {
  const shown = Array.isArray(sizes) ? `[${sizes.join(", ")}]` : String(sizes);
  if (!Array.isArray(sizes) || sizes.length < 2)
    throw new OptionError(caller, "sizes", shown, "a list of two or more");
  checkSizeArray(caller, "sizes", sizes);
  return sizes.slice(1).flatMap((size, i) => {
    const layer = linear(sizes[i] ?? NaN, size);
    return i === 0 ? [layer] : [between(), layer];
  });
}
