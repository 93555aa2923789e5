import { numbers } from "../numbers.ts";

/** Which product: `ab`, `abᵀ` or `aᵀb` of two matrices of `size` × `size`. */
export interface Work {
  readonly size: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
}

/** @param text the kind and the size: `"aTb 512"` */
export function workOf(text: string): Work {
  const [kind = "ab", side = "256"] = text.split(" ");
  const size = Number(side);
  const scale = 1 / Math.sqrt(size);
  return {
    size,
    transposeA: kind === "aTb",
    transposeB: kind === "abT",
    a: numbers(1, size * size, scale),
    b: numbers(2, size * size, scale),
  };
}
