import { DataError, DomainError, LabelError, OptionError, Rng, ShapeError } from "@pellucid/core-train";
import {
  adaptive,
  conformalIntervals,
  conformalQuantile,
  conformalSets,
  fitTemperature,
  leastAmbiguous,
  predictiveNll,
  reliability,
} from "@pellucid/bayesian";
import { type Rank, tensor1d, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const softmax = (logits: number[]) => {
  const weights = logits.map((x) => Math.exp(x - Math.max(...logits)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
};

/** Rows of logits, and labels that are drawn from their softmax at a temperature. */
function draw(rng: Rng, count: number, temperature: number) {
  const rows = Array.from({ length: count }, () => Array.from(rng.normal([4], 0, 3).data));
  const labels = rows.map((row) => {
    let left = rng.rand([1]).data[0] as number;
    return softmax(row.map((x) => x / temperature)).findIndex((p) => (left -= p) < 0);
  });
  return { rows, labels: labels.map((label) => Math.max(label, 0)) };
}

test("the temperature from which labels were drawn is found again", () => {
  const { rows, labels } = draw(new Rng(1), 4000, 2.5);
  const { temperature, nll, nllAtOne } = fitTemperature(rows, labels);
  expect(temperature).toBeGreaterThan(2.3);
  expect(temperature).toBeLessThan(2.7);
  expect(nll).toBeLessThan(nllAtOne);
  const confidences = (t: number) => rows.map((row) => Math.max(...softmax(row.map((x) => x / t))));
  const correct = rows.map((row, i) => row.indexOf(Math.max(...row)) === labels[i]);
  expect(reliability(confidences(temperature), correct).ece).toBeLessThan(0.03);
  expect(reliability(confidences(1), correct).ece).toBeGreaterThan(0.1);
});

test.each([leastAmbiguous, adaptive])(
  "conformal sets contain the label as often as they say, within binomial error",
  (score) => {
    const rng = new Rng(2);
    const [held, fresh] = [draw(rng, 1000, 2), draw(rng, 2000, 2)];
    const sets = conformalSets(held.rows.map(softmax), held.labels, { alpha: 0.1, score });
    const covered = fresh.rows.filter((row, i) =>
      sets.predict(softmax(row)).includes(fresh.labels[i] as number),
    ).length;
    // two binomial errors, of 1,000 and of 2,000, four deviations
    const error = 4 * Math.sqrt((0.1 * 0.9) / 1000 + (0.1 * 0.9) / 2000);
    expect(Math.abs(covered / 2000 - 0.9)).toBeLessThan(error);
  },
);

test("conformal intervals are widened or narrowed until they cover", () => {
  const rng = new Rng(3);
  const points = Array.from(rng.randn([3000]).data);
  const ranges = points.map(() => ({ lower: -5, upper: 5 })); // far too wide for a standard normal number
  const { margin, predict } = conformalIntervals(ranges.slice(0, 1000), points.slice(0, 1000), {
    alpha: 0.2,
  });
  expect(margin).toBeLessThan(0);
  const covered = points.slice(1000).filter((y, i) => {
    const { lower, upper } = predict(ranges[1000 + i] as (typeof ranges)[number]);
    return y >= lower && y <= upper;
  }).length;
  expect(Math.abs(covered / 2000 - 0.8)).toBeLessThan(4 * Math.sqrt(0.16 / 1000 + 0.16 / 2000));
});

test("the likelihood of a class that does not exist is refused", () => {
  const logits = zeros<Rank.R3>([2, 2, 3]);
  for (const wrong of [3, -1])
    expect(() => predictiveNll(logits, tensor1d([0, wrong], "int32"))).toThrow(LabelError);
  expect(() => predictiveNll(logits, tensor1d([0, 1]))).toThrow(/expected int32 labels/);
});

test("errors say what came", () => {
  expect(() => reliability([1.5], [1])).toThrow(DomainError);
  expect(() => reliability([NaN], [1])).toThrow(DomainError);
  expect(() => reliability([], [])).toThrow(ShapeError);
  expect(() => reliability([0.5], [1, 0])).toThrow(ShapeError);
  expect(() => fitTemperature([[1, 2]], [2])).toThrow(LabelError);
  expect(() => fitTemperature([[1, NaN]], [0])).toThrow(DataError);
  expect(() => fitTemperature([[2, 1]], [0])).toThrow(/every label is predicted/);
  expect(() => fitTemperature([[2, 1]], [1])).toThrow(/say nothing/);
  expect(() => conformalQuantile([1], 1)).toThrow(OptionError);
  expect(() => conformalQuantile([], 0.1)).toThrow(DataError);
  expect(() => conformalQuantile([NaN], 0.1)).toThrow(DataError);
  expect(() => conformalSets([[0.5, 0.5]], [2], { alpha: 0.1 })).toThrow(LabelError);
  expect(() => conformalSets([[2, -1]], [0], { alpha: 0.1 })).toThrow(/Are they logits/);
  expect(() => conformalSets([[2, -1]], [0], { alpha: 0.1 })).toThrow(DomainError);
  expect(() => conformalSets([[0.2, 0.2]], [0], { alpha: 0.1 })).toThrow(DomainError);
  expect(() => conformalSets([[NaN, 1]], [0], { alpha: 0.1 })).toThrow(DomainError);
  expect(() => conformalSets([[0.5, 0.5], [1]], [0, 0], { alpha: 0.1 })).toThrow(/row 1 has 1 prob/);
  const sets = conformalSets([[0.5, 0.5]], [1], { alpha: 0.6 });
  expect(() => sets.predict([0.5, 0.25, 0.25])).toThrow(ShapeError);
  expect(() => sets.predict([3, -1])).toThrow(DomainError);
  for (const make of [conformalSets, conformalIntervals])
    expect(() => Reflect.apply(make, null, [[], []])).toThrow(OptionError);
  expect(() => conformalIntervals([], [1], { alpha: 0.1 })).toThrow(ShapeError);
});
