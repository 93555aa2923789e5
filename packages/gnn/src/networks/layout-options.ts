/** Options for {@link circularLayout} and {@link spectralLayout}. */
export interface LayoutOptions {
  /** The largest coordinate about the center. Default: 1. */
  readonly scale?: number;
  /** The mean of all points. Default: 0, 0. */
  readonly center?: readonly [x: number, y: number];
}
