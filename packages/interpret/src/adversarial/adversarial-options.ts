/** How far an input may be changed. */
export interface AdversarialOptions {
  /** The largest change: of each number (`"linf"`), or of the whole example's length (`"l2"`). */
  readonly epsilon: number;
  /** Whether the score is lowered (away from the class) or raised (towards it). Default: `"lower"`. */
  readonly direction?: "lower" | "raise";
  /** The range of inputs. Default: no bounds. */
  readonly range?: readonly [low: number, high: number];
}
