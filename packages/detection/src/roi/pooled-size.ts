import { checkSizes } from "@pellucid/core-train";

/** The height and width of the bins into which a region is pooled: one number for both, or a pair. */
export type PooledSize = number | readonly [height: number, width: number];

/** @throws OptionError unless both are integers above 0 */
export function pooledSize(caller: string, size: PooledSize): readonly [height: number, width: number] {
  const [height, width] = isPair(size) ? size : [size, size];
  checkSizes(caller, { outputSize: height });
  checkSizes(caller, { outputSize: width });
  return [height, width];
}

const isPair = (size: PooledSize): size is readonly [height: number, width: number] => Array.isArray(size);
