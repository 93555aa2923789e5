import type { MatrixCase } from "./case.ts";
import { convolutions } from "./convolutions.ts";
import { complexNumbers } from "./complex-numbers.ts";
import { elementwise } from "./elementwise.ts";
import { images } from "./images.ts";
import { matrices } from "./matrices.ts";
import { moves } from "./moves.ts";
import { neighborhoods } from "./neighborhoods.ts";
import { pairwise } from "./pairwise.ts";
import { indexing } from "./indexing.ts";
import { reductions } from "./reductions.ts";
import { sparse } from "./sparse.ts";
import { stridedSlices } from "./strided-slices.ts";
import { volumes } from "./volumes.ts";
import { warped } from "./warps.ts";

/** All of the matrix, by chapter. */
export const chapters: Readonly<Record<string, readonly MatrixCase[]>> = {
  "number by number": elementwise,
  "two tensors": pairwise,
  "sums, products, extremes": reductions,
  matrices,
  "shapes and indices": [...moves, ...stridedSlices, ...indexing, ...sparse],
  "convolution and pooling": [...convolutions, ...volumes, ...neighborhoods],
  images: [...images, ...warped],
  "complex numbers": complexNumbers,
};

export const cases: readonly MatrixCase[] = Object.values(chapters).flat();
