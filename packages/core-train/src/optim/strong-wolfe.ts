import { dot, type FlatVector, largest } from "./flat-vector.ts";
import { checkArguments } from "../check-arguments.ts";

/** A point on a line, `x + t · direction`, with loss and gradient there. */
export interface LinePoint {
  /** The step size. */
  readonly t: number;
  readonly loss: number;
  readonly gradient: FlatVector;
  /** The directional derivative of the loss, `gradient · direction`. */
  readonly derivative: number;
}

/** Finds a step size along a line: {@link strongWolfe}, or a function of your own. */
export type LineSearch = (problem: LineSearchProblem) => Promise<LineSearchResult>;

/** Input of a {@link LineSearch}. */
export interface LineSearchProblem {
  /** Loss and gradient for a step size. */
  readonly evaluate: (t: number) => Promise<{ readonly loss: number; readonly gradient: FlatVector }>;
  readonly direction: FlatVector;
  /** The start of the line: `t` is 0. */
  readonly start: LinePoint;
  /** The first step size to try. */
  readonly t: number;
  /** The bracket is small enough when no parameter changes by more. */
  readonly toleranceChange: number;
  /** The largest number of evaluations after the first. */
  readonly maxEvaluations: number;
}

/** Output of a {@link LineSearch}. */
export interface LineSearchResult extends LinePoint {
  /** The number of calls of `evaluate`. */
  readonly evaluations: number;
}

/** The constants of the Wolfe conditions: `c₁` for sufficient decrease, `c₂` for curvature. */
const [C1, C2] = [1e-4, 0.9];

/**
 * A step size that meets the strong Wolfe conditions: `f(t) ≤ f(0) + c₁ t f′(0)` and `|f′(t)| ≤ c₂ |f′(0)|`.
 *
 * Nocedal and Wright, 2006, algorithms 3.5 and 3.6, with the numbers of `torch.optim.LBFGS`, which come from minFunc.
 */
export async function strongWolfe(problem: LineSearchProblem): Promise<LineSearchResult> {
  checkArguments("strongWolfe", {
    "{ evaluate, direction, start }": { problem },
    function: { evaluate: problem?.evaluate },
  });
  const { direction, start, toleranceChange, maxEvaluations } = problem;
  let evaluations = 0;
  const at = async (t: number): Promise<LinePoint> => {
    evaluations++;
    const { loss, gradient } = await problem.evaluate(t);
    return { t, loss, gradient, derivative: dot(gradient, direction) };
  };
  const isHigh = ({ t, loss }: LinePoint) => loss > start.loss + C1 * t * start.derivative;
  const isFlat = ({ derivative }: LinePoint) => Math.abs(derivative) <= -C2 * start.derivative;

  // Enlarge the step until a bracket contains such a step size (algorithm 3.5).
  let previous = start;
  let point = await at(problem.t);
  let bracket: [LinePoint, LinePoint] | null = null;
  let round = 0;
  for (; round < maxEvaluations; round++) {
    if (isHigh(point) || (round > 1 && point.loss >= previous.loss)) bracket = [previous, point];
    else if (isFlat(point)) return { ...point, evaluations };
    else if (point.derivative >= 0) bracket = [previous, point];
    if (bracket !== null) break;
    const [least, most] = [point.t + 0.01 * (point.t - previous.t), point.t * 10];
    const next = await at(lowest(previous, point, least, most));
    [previous, point] = [point, next];
  }
  bracket ??= [start, point];

  // Shrink the bracket (algorithm 3.6).
  const ends = bracket;
  const lower = (): 0 | 1 => (ends[0].loss <= ends[1].loss ? 0 : 1);
  let low = lower();
  const width = largest(direction);
  let stuck = false;
  for (; round < maxEvaluations; round++) {
    const high = low === 0 ? 1 : 0;
    const [left, right] = [Math.min(ends[0].t, ends[1].t), Math.max(ends[0].t, ends[1].t)];
    if ((right - left) * width < toleranceChange) break;
    let t = lowest(ends[0], ends[1], left, right);
    const margin = 0.1 * (right - left);
    const isNearEnd = Math.min(right - t, t - left) < margin;
    if (isNearEnd && (stuck || t >= right || t <= left)) {
      t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
      stuck = false;
    } else stuck = isNearEnd;
    const next = await at(t);
    if (isHigh(next) || next.loss >= ends[low].loss) {
      ends[high] = next;
      low = lower();
      continue;
    }
    if (isFlat(next)) return { ...next, evaluations };
    if (next.derivative * (ends[high].t - ends[low].t) >= 0) ends[high] = ends[low];
    ends[low] = next;
  }
  return { ...ends[low], evaluations };
}

/** The minimum of the cubic through two points with their derivatives, or the middle if it has none. */
function lowest(a: LinePoint, b: LinePoint, least: number, most: number): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const d1 = a.derivative + b.derivative - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 ** 2 - a.derivative * b.derivative;
  if (square < 0 || Number.isNaN(square)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const part = (right.derivative + d2 - d1) / (right.derivative - left.derivative + 2 * d2);
  return Math.min(Math.max(right.t - (right.t - left.t) * part, least), most);
}
