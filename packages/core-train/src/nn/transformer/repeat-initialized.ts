import { checkSizes } from "../../check-values.ts";
import { withoutInit } from "../../init/without-init.ts";
import type { Module } from "../../module/module.ts";

/**
 * Makes `count` layers with the same initial weights, as PyTorch's stacks copy one layer: one is drawn, the others start at its values.
 *
 * @throws {OptionError} If `count` is not an integer above 0.
 */
export function repeatInitialized<L extends Module>(
  caller: string,
  count: number,
  make: () => L,
): readonly L[] {
  checkSizes(caller, { numLayers: count });
  const first = make();
  const copies = Array.from({ length: count - 1 }, () => withoutInit(make));
  const values = [...first.slots()].map(({ tensor }) => tensor);
  for (const copy of copies)
    for (const [i, { tensor }] of [...copy.slots()].entries()) tensor.assign(values[i] ?? tensor);
  return [first, ...copies];
}
