import type { MatrixCase } from "./case.ts";
import { complexNumbers } from "./complex-numbers.ts";
import { elementwise } from "./elementwise.ts";
import { images } from "./images.ts";
import { matrices } from "./matrices.ts";
import { pairwise } from "./pairwise.ts";
import { places } from "./places.ts";
import { reductions } from "./reductions.ts";
import { sparse } from "./sparse.ts";
import { warped } from "./warps.ts";
import { windows } from "./windows.ts";

/** All of the matrix, by chapter. */
export const chapters: Readonly<Record<string, readonly MatrixCase[]>> = {
  "number by number": elementwise,
  "two tensors": pairwise,
  "sums, products, extremes": reductions,
  matrices,
  "shapes and places": [...places, ...sparse],
  "convolution and pooling": windows,
  images: [...images, ...warped],
  "complex numbers": complexNumbers,
};

export const cases: readonly MatrixCase[] = Object.values(chapters).flat();
