import { side } from "./program.ts";

/** What the address of the page keeps. */
interface SegmentationState {
  readonly picture: number;
  /** Whether the skip connection at full size and that at half size are on: 1 or 0. */
  readonly full: number;
  readonly half: number;
  /** The class that a stroke says. */
  readonly pen: number;
  /** Whether four known pictures are trained on along with a stroke. */
  readonly known: number;
  /** The pixel that is asked about, row by row. */
  readonly pixel: number;
}

/** How the page begins: the first picture, both skip connections, a pen that says triangle. */
export const start: SegmentationState = {
  picture: 0,
  full: 1,
  half: 1,
  pen: 3,
  known: 0,
  pixel: 16 * side + 16,
};
