import { checkArguments, ShapeError } from "@pellucid/core-train";
import { checkFinite } from "../run/check-finite.ts";

const pairAdvice = "Leave out pairs with missing values.";

/** The correlation of ranks, those that tie sharing theirs; 0 where one of the two is constant. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkArguments("spearman", { numbers: { a, b } });
  if (a.length !== b.length)
    throw new ShapeError(`spearman: b has ${b.length} numbers, expected the ${a.length} of a.`);
  checkFinite("spearman", "a", a, [a.length], pairAdvice);
  checkFinite("spearman", "b", b, [b.length], pairAdvice);
  return pearson(ranks(a), ranks(b));
}

function pearson(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((x, y) => x + y, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] ?? NaN) - meanA, (b[i] ?? NaN) - meanB];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return ofA === 0 || ofB === 0 ? 0 : both / Math.sqrt(ofA * ofB);
}

function ranks(values: ArrayLike<number>): Float64Array {
  const at = (i: number) => values[i] ?? NaN;
  const order = Array.from({ length: values.length }, (_, i) => i).toSorted((i, j) => at(i) - at(j));
  const found = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && at(order[to] ?? NaN) === at(order[from] ?? NaN)) to++;
    for (let k = from; k < to; k++) found[order[k] ?? NaN] = (from + to - 1) / 2;
    from = to;
  }
  return found;
}
