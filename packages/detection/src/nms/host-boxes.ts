/** Boxes `[box, 4]` and their scores on the host. */
export interface HostBoxes {
  /** `x1, y1, x2, y2` of each box. */
  readonly boxes: ArrayLike<number>;
  /** A score for each box. */
  readonly scores: ArrayLike<number>;
}
