import { dot, type FlatVector, largest } from "./flat-vector.ts";

/** What is known at one place of a line. */
export interface LinePoint {
  /** How far along the line. */
  readonly t: number;
  readonly loss: number;
  readonly gradient: FlatVector;
  /** The slope of the loss along the line. */
  readonly slope: number;
}

/** What {@link strongWolfe} is given. */
export interface LineSearch {
  /** Loss and gradient at a place of the line. */
  readonly evaluate: (t: number) => Promise<{ readonly loss: number; readonly gradient: FlatVector }>;
  readonly direction: FlatVector;
  /** Where the line starts: `t` is 0. */
  readonly start: LinePoint;
  /** The first place to try. */
  readonly t: number;
  /** The bracket is small enough where no parameter changes by more. */
  readonly toleranceChange: number;
  /** The most places to try after the first. */
  readonly maxEvaluations: number;
}

/** What {@link strongWolfe} found. */
export interface LineSearchResult extends LinePoint {
  readonly evaluations: number;
}

/** How much the loss has to fall, and how much of the slope may remain. */
const [sufficient, flat] = [1e-4, 0.9];

/**
 * A place along a line at which the loss has fallen enough and the slope is flat enough.
 *
 * Nocedal and Wright, 2006, algorithms 3.5 and 3.6, with the numbers of `torch.optim.LBFGS`, which come from minFunc.
 */
export async function strongWolfe(search: LineSearch): Promise<LineSearchResult> {
  const { direction, start, toleranceChange, maxEvaluations } = search;
  let evaluations = 0;
  const at = async (t: number): Promise<LinePoint> => {
    evaluations++;
    const { loss, gradient } = await search.evaluate(t);
    return { t, loss, gradient, slope: dot(gradient, direction) };
  };
  const isHigh = ({ t, loss }: LinePoint) => loss > start.loss + sufficient * t * start.slope;
  const isFlat = ({ slope }: LinePoint) => Math.abs(slope) <= -flat * start.slope;

  // First go further until a bracket holds what is looked for.
  let previous = start;
  let point = await at(search.t);
  let bracket: [LinePoint, LinePoint] | null = null;
  let round = 0;
  for (; round < maxEvaluations; round++) {
    if (isHigh(point) || (round > 1 && point.loss >= previous.loss)) bracket = [previous, point];
    else if (isFlat(point)) return { ...point, evaluations };
    else if (point.slope >= 0) bracket = [previous, point];
    if (bracket !== null) break;
    const [least, most] = [point.t + 0.01 * (point.t - previous.t), point.t * 10];
    const next = await at(lowest(previous, point, least, most));
    [previous, point] = [point, next];
  }
  bracket ??= [start, point];

  // Then make the bracket smaller.
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
    if (next.slope * (ends[high].t - ends[low].t) >= 0) ends[high] = ends[low];
    ends[low] = next;
  }
  return { ...ends[low], evaluations };
}

/** Where the cubic through two points with their slopes is lowest, or the middle where it has no such place. */
function lowest(a: LinePoint, b: LinePoint, least: number, most: number): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 ** 2 - a.slope * b.slope;
  if (square < 0 || Number.isNaN(square)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const part = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2);
  return Math.min(Math.max(right.t - (right.t - left.t) * part, least), most);
}
