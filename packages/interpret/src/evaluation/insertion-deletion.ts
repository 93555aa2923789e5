import { checkArguments, checkOptions, OptionError, ShapeError, sizeAlong } from "@pellucid/core-train";
import {
  add,
  concat,
  mul,
  reshape,
  sub,
  type Tensor,
  tensor,
  type Tensor2D,
  zeros,
} from "@tensorflow/tfjs-core";
import { type Baseline, baselineLike } from "../score/baseline.ts";
import { apart, copies } from "../run/copies.ts";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import { scoresOf } from "../run/scores-of.ts";
import type { Score } from "../score/score.ts";
import type { ExplainedInput } from "./explained-input.ts";

/** Options for {@link insertionDeletion}. */
export interface InsertionDeletionOptions extends RunOptions {
  /** How many positions change at a time. Default: 1. */
  readonly step?: number;
  /** The value of hidden positions. Default: 0. */
  readonly baseline?: Baseline;
}

/** The score after each step, and the area under that curve, of each example. */
export interface Curve {
  /** `[example][step]`, from before the first step on. */
  readonly scores: readonly Float32Array[];
  /** Over steps from 0 to 1, by trapezoids. */
  readonly area: Float32Array;
}

/** {@link insertionDeletion}'s curves. */
export interface InsertionDeletion {
  /** Positions are removed, the most important first: the lower, the better the map. */
  readonly deletion: Curve;
  /** Positions are added, the most important first: the higher, the better. */
  readonly insertion: Curve;
}

/**
 * How fast the score falls when the positions that a map calls important are removed, and rises when they are added. The importance of a position is
 * the sum of its channels, with its sign; ties are in reading order.
 *
 * Petsiuk, Das and Saenko, 2018, section 4.1. https://arxiv.org/abs/1806.07421
 *
 * `x` is images `[batch, height, width, channel]`, or `[batch, feature]`. `map` has the shape of `x`, or one number for each position: with one
 * channel, or without that axis, as CAMs are. A layer's map is brought to the input's size by {@link upsampleMap}.
 *
 * @throws ShapeError if it is neither
 */
export async function insertionDeletion<X extends Tensor>(
  score: Score<X>,
  explainedInput: ExplainedInput<X, Tensor>,
  options: InsertionDeletionOptions = {},
): Promise<InsertionDeletion> {
  checkArguments("insertionDeletion", { function: { score }, "{ map, x }": { explainedInput } });
  checkOptions("insertionDeletion", options, ["step", "baseline", "batchSize", "signal", "onProgress"]);
  const { map, x } = explainedInput;
  const { step = 1 } = options;
  if (!Number.isInteger(step) || step < 1) {
    throw new OptionError("insertionDeletion", "step", step, "an integer of at least 1");
  }
  const order = await positionsByImportance(map, x.shape);
  const deletion = await curve(score, x, order, options, 0);
  return { deletion, insertion: await curve(score, x, order, options, 1) };
}

async function positionsByImportance(map: Tensor, shape: readonly number[]): Promise<number[][]> {
  const perPosition = shape.length > 2 ? shape.slice(0, -1) : shape;
  const allowed = [shape, perPosition, ...(shape.length > 2 ? [[...perPosition, 1]] : [])];
  if (!allowed.some((one) => one.join() === map.shape.join())) {
    throw new ShapeError(
      `insertionDeletion: the map is [${map.shape.join(", ")}], expected [${shape.join(", ")}] as the input, or one number for each position, [${perPosition.join(", ")}]; upsampleMap brings a layer's map to the input's size.`,
    );
  }
  const values = await map.data();
  checkFinite("insertionDeletion", "map", values, map.shape, modelAdvice);
  const positions = perPosition.slice(1).reduce((product, length) => product * length, 1);
  const channels = values.length / sizeAlong(map, 0) / positions;
  return Array.from({ length: sizeAlong(map, 0) }, (_, example) => {
    const importance = Float64Array.from({ length: positions }, (__, position) => {
      let sum = 0;
      for (let c = 0; c < channels; c++)
        sum += values[(example * positions + position) * channels + c] ?? NaN;
      return sum;
    });
    const all = Array.from(importance.keys());
    return all.toSorted((a, b) => (importance[b] ?? NaN) - (importance[a] ?? NaN));
  });
}

/** @param arriving 1 where positions are added, 0 where they are removed */
async function curve<X extends Tensor>(
  score: Score<X>,
  x: X,
  order: readonly (readonly number[])[],
  options: InsertionDeletionOptions,
  arriving: 0 | 1,
): Promise<Curve> {
  const { step = 1, baseline = 0 } = options;
  const batch = sizeAlong(x, 0);
  const positions = order[0]?.length ?? 0;
  const steps = Math.ceil(positions / step) + 1;
  const shape = x.rank > 2 ? [...x.shape.slice(1, -1), 1] : x.shape.slice(1);
  const [answers] = await foldBatches(
    { total: steps, rows: batch },
    options,
    (): [Tensor2D] => [zeros([0, batch])],
    ([so], from, to): [Tensor2D] => {
      const seen = new Float32Array((to - from) * batch * positions).fill(1 - arriving);
      for (let s = from; s < to; s++) {
        order.forEach((ranked, example) => {
          for (const position of ranked.slice(0, s * step))
            seen[((s - from) * batch + example) * positions + position] = arriving;
        });
      }
      const mask = tensor(seen, [to - from, batch, ...shape]);
      const nothing = baselineLike("insertionDeletion", x, baseline);
      const mixed = add(mul(apart(copies(x, to - from), batch), mask), mul(nothing, sub(1, mask)));
      const seenInputs = reshape(mixed, [(to - from) * batch, ...x.shape.slice(1)]) as X;
      const rows = scoresOf("insertionDeletion", score, seenInputs);
      return [concat([so, reshape(rows, [to - from, batch])], 0) as Tensor2D];
    },
  );
  const values = await answers.data();
  answers.dispose();
  const scores = Array.from({ length: batch }, (_, b) =>
    Float32Array.from({ length: steps }, (__, s) => values[s * batch + b] ?? NaN),
  );
  return { scores, area: Float32Array.from(scores, trapezoids) };
}

function trapezoids(values: Float32Array): number {
  const sum = values.reduce((a, b) => a + b, 0);
  const ends = (values[0] ?? NaN) + (values.at(-1) ?? NaN);
  return (sum - ends / 2) / Math.max(1, values.length - 1);
}
