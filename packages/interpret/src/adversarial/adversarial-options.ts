/** How far an input may be changed. */
export interface AdversarialOptions {
  /** The largest change: of each number (`"linf"`), or of the whole example's length (`"l2"`). */
  readonly epsilon: number;
  /** Whether the score is to fall (away from the class) or to rise (towards it). Default: `"lower"`. */
  readonly direction?: "lower" | "raise";
  /** What an input can be. Default: no bounds. */
  readonly range?: readonly [low: number, high: number];
}
