/** Boxes with new scores. */
export interface Rescored {
  /** The indices of the boxes, by falling new score, for `gather`. */
  readonly indices: Int32Array<ArrayBuffer>;
  /** The new score of each of them. */
  readonly scores: Float32Array<ArrayBuffer>;
}
