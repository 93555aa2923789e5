import { AvgPool2d, MaxPool2d } from "@pellucid/core-train";
import type { InceptionBranch } from "./inception-block.ts";

const averaged = (outChannels: number): InceptionBranch => ({
  pool: new AvgPool2d(3, { stride: 1, padding: 1 }),
  convs: [["branch_pool", outChannels, 1]],
});

const halved: InceptionBranch = { pool: new MaxPool2d(3, { stride: 2 }), convs: [] };

/** Szegedy et al., figure 5, with one 5×5. */
const a = (poolFeatures: number): readonly InceptionBranch[] => [
  { convs: [["branch1x1", 64, 1]] },
  {
    convs: [
      ["branch5x5_1", 48, 1],
      ["branch5x5_2", 64, 5],
    ],
  },
  {
    convs: [
      ["branch3x3dbl_1", 64, 1],
      ["branch3x3dbl_2", 96, 3],
      ["branch3x3dbl_3", 96, 3],
    ],
  },
  averaged(poolFeatures),
];

/** Halves the size: figure 10. */
const b: readonly InceptionBranch[] = [
  { convs: [["branch3x3", 384, 3, 2]] },
  {
    convs: [
      ["branch3x3dbl_1", 64, 1],
      ["branch3x3dbl_2", 96, 3],
      ["branch3x3dbl_3", 96, 3, 2],
    ],
  },
  halved,
];

const row = [1, 7] as const;
const column = [7, 1] as const;

/** 7×7 convolutions as a row and a column: figure 6. */
const c = (width: number): readonly InceptionBranch[] => [
  { convs: [["branch1x1", 192, 1]] },
  {
    convs: [
      ["branch7x7_1", width, 1],
      ["branch7x7_2", width, row],
      ["branch7x7_3", 192, column],
    ],
  },
  {
    convs: [
      ["branch7x7dbl_1", width, 1],
      ["branch7x7dbl_2", width, column],
      ["branch7x7dbl_3", width, row],
      ["branch7x7dbl_4", width, column],
      ["branch7x7dbl_5", 192, row],
    ],
  },
  averaged(192),
];

/** Halves the size after the 17×17 maps. */
const d: readonly InceptionBranch[] = [
  {
    convs: [
      ["branch3x3_1", 192, 1],
      ["branch3x3_2", 320, 3, 2],
    ],
  },
  {
    convs: [
      ["branch7x7x3_1", 192, 1],
      ["branch7x7x3_2", 192, row],
      ["branch7x7x3_3", 192, column],
      ["branch7x7x3_4", 192, 3, 2],
    ],
  },
  halved,
];

/** 3×3 convolutions as a row and a column in parallel: figure 7. */
const e: readonly InceptionBranch[] = [
  { convs: [["branch1x1", 320, 1]] },
  {
    convs: [["branch3x3_1", 384, 1]],
    fork: [
      ["branch3x3_2a", 384, [1, 3]],
      ["branch3x3_2b", 384, [3, 1]],
    ],
  },
  {
    convs: [
      ["branch3x3dbl_1", 448, 1],
      ["branch3x3dbl_2", 384, 3],
    ],
    fork: [
      ["branch3x3dbl_3a", 384, [1, 3]],
      ["branch3x3dbl_3b", 384, [3, 1]],
    ],
  },
  averaged(192),
];

/** The branches of the modules of {@link InceptionV3}, by torchvision's letters. */
export const inceptionV3Branches = { a, b, c, d, e };
