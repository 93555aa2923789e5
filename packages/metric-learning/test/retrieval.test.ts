// Neighbors, retrieval, verification, one-shot episodes, samplers and recognition: solved by hand, or against plain definitions.
import { DataError, OptionError, Rng, ShapeError } from "@pellucid/core-train";
import {
  allPairScores,
  mPerClassSampler,
  NeighborIndex,
  oneShotAccuracy,
  Recognizer,
  retrievalScores,
  tarAtFar,
  verification,
} from "@pellucid/metric-learning";
import { hashed } from "@pellucid/testing";
import { describe, expect, test } from "vitest";

const host = (rows: number[][]) => ({
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]?.length ?? 0],
});

describe("an index", () => {
  test("finds the nearest, ties in the order of adding, and all if there are fewer than asked for", () => {
    const index = new NeighborIndex(2);
    expect(index.search(host([[0, 0]]), 3)).toEqual([[]]);
    index.add(
      host([
        [3, 4],
        [0, 1],
        [1, 0],
      ]),
    );
    index.add(host([[0, 0]]));
    expect(index.length).toBe(4);
    expect(index.search(host([[0, 0]]), 9)).toEqual([
      [
        { index: 3, distance: 0 },
        { index: 1, distance: 1 },
        { index: 2, distance: 1 },
        { index: 0, distance: 5 },
      ],
    ]);
    expect(index.search(host([[0, 0]]), 1, [3])[0]?.[0]?.index).toBe(1);
  });

  test("of cosines does not see lengths", () => {
    const index = new NeighborIndex(2, { metric: "cosine" });
    index.add(
      host([
        [100, 0],
        [1, 1],
      ]),
    );
    const [[first] = []] = index.search(host([[0.1, 0.1]]), 1);
    expect(first?.index).toBe(1);
    expect(first?.distance).toBeCloseTo(0, 12);
  });

  test("refuses other sizes and numbers that are not finite", () => {
    const index = new NeighborIndex(2);
    expect(() => index.add(host([[1, 2, 3]]))).toThrow(ShapeError);
    expect(() => index.add(host([[1, Number.NaN]]))).toThrow(
      "NeighborIndex.add: element 1 of row 0 is NaN, expected a finite number.",
    );
    expect(() => index.search(host([[1, 2]]), 0)).toThrow(OptionError);
    expect(() => new NeighborIndex(2, { metric: "manhattan" as never })).toThrow(OptionError);
    expect(index.length).toBe(0);
  });
});

describe("retrieval", () => {
  const gallery = { embeddings: host([[0], [1], [3], [7]]), labels: [0, 1, 0, 1] };

  test("by hand", () => {
    // nearest first: 0: 1 2 3; 1: 0 2 3; 2: 1 0 3; 3: 2 1 0
    const scores = retrievalScores(gallery, { ks: [1, 2, 3] });
    expect(scores.precisionAt1).toBe(0);
    expect(scores.recallAt).toEqual({ 1: 0, 2: 3 / 4, 3: 1 });
    expect(scores.meanReciprocalRank).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 2 + 1 / 2) / 4, 12);
    expect(scores.meanAveragePrecision).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 2 + 1 / 2) / 4, 12);
    expect(scores.mapAtR).toBe(0);
  });

  test("in another gallery may find the query itself", () => {
    expect(retrievalScores(gallery, { reference: { ...gallery } }).precisionAt1).toBe(1);
    const reference = { embeddings: host([[0.4], [6]]), labels: [0, 1] };
    expect(retrievalScores(gallery, { reference }).precisionAt1).toBe(0.75);
  });

  test("is NaN where every class is alone, and refuses labels that do not fit", () => {
    expect(retrievalScores({ ...gallery, labels: [0, 1, 2, 3] }).precisionAt1).toBeNaN();
    expect(() => retrievalScores({ ...gallery, labels: [0, 1] })).toThrow(DataError);
  });
});

describe("verification", () => {
  test("AUC is the share of pairs of pairs in order, and rates are counts", () => {
    const rng = new Rng(0);
    const scores = rng.rand([60]).data.map((x) => Math.round(20 * x));
    const same = rng.rand([60]).data.map((x) => Number(x > 0.5));
    const found = verification(scores, same);
    let [wins, all] = [0, 0];
    for (const [i, a] of scores.entries())
      for (const [j, b] of scores.entries())
        if (same[i] === 1 && same[j] === 0) {
          all++;
          wins += a > b ? 1 : a === b ? 0.5 : 0;
        }
    expect(found.auc).toBeCloseTo(wins / all, 12);
    const rate = (isSame: number, threshold: number) => {
      const own = [...scores].filter((_, i) => same[i] === isSame);
      return own.filter((score) => score >= threshold).length / own.length;
    };
    for (const [i, threshold] of found.thresholds.entries()) {
      expect(found.far[i]).toBeCloseTo(rate(0, threshold), 12);
      expect(found.tar[i]).toBeCloseTo(rate(1, threshold), 12);
    }
    expect(found.eer).toBeGreaterThan(0.2);
    expect(found.eer).toBeLessThan(0.8);
  });

  test("of perfect scores has no errors", () => {
    expect(verification([3, 2, 1, 0], [1, 1, 0, 0])).toMatchObject({ auc: 1, eer: 0, eerThreshold: 2 });
    expect(verification([0, 1], [true, false])).toMatchObject({ auc: 0, eer: 1 });
  });

  test("refuses what has no curve", () => {
    expect(() => verification([1, 2], [1, 1])).toThrow(
      "verification: 2 pairs of one class and 0 of different ones, expected some of both.",
    );
    expect(() => verification([1, Number.NaN], [1, 0])).toThrow(
      "verification: score 1 is NaN, expected a number.",
    );
    expect(() => verification([1, 2], [1])).toThrow(DataError);
    expect(() => tarAtFar(verification([1, 0], [1, 0]), 2)).toThrow(OptionError);
  });

  test("of all pairs has each pair once", () => {
    const { scores, same } = allPairScores({ embeddings: host([[0], [1], [3]]), labels: [0, 0, 1] });
    expect([...scores].toSorted((a, b) => b - a)).toEqual([-1, -2, -3]);
    expect([...same].filter((is) => is === 1)).toHaveLength(1);
    expect(scores[[...same].indexOf(1)]).toBe(-1);
  });
});

describe("one-shot episodes", () => {
  const rows = Array.from({ length: 40 }, (_, i) => [Math.floor(i / 8) * 10 + (i % 8), 0]);
  const labels = rows.map((_, i) => Math.floor(i / 8));

  test("are all right for separate classes, and by chance for noise", () => {
    const options = { rng: new Rng(0), episodes: 300 };
    const close = { embeddings: host(rows.map(([x = 0]) => [x - (x % 10), 0])), labels };
    expect(oneShotAccuracy(close, options)).toBe(1);
    const noise = { embeddings: { data: Float32Array.from(hashed(80, 5)), shape: [40, 2] }, labels };
    expect(oneShotAccuracy(noise, { ...options, ways: 5 })).toBeGreaterThan(0.1);
    expect(oneShotAccuracy(noise, { ...options, ways: 5 })).toBeLessThan(0.32);
    expect(oneShotAccuracy({ embeddings: host(rows), labels }, { ...options, shots: 4 })).toBeGreaterThan(
      0.9,
    );
  });

  test("are the same for a seed, and need enough classes", () => {
    const gallery = { embeddings: host(rows), labels };
    const run = () => oneShotAccuracy(gallery, { rng: new Rng(3), ways: 3, episodes: 50 });
    expect(run()).toBe(run());
    expect(() => oneShotAccuracy(gallery, { rng: new Rng(0), ways: 6 })).toThrow(
      "oneShotAccuracy: 5 classes have more than 1 examples, expected at least 6.",
    );
  });
});

describe("m per class", () => {
  const labels = [0, 0, 0, 1, 1, 1, 1, 2, 2, 3];

  test("each batch has m of each of its classes, without repetition where there are enough, alike for a seed", () => {
    const sampler = mPerClassSampler(labels, 3, { size: 6, batches: 40 });
    const draw = () => [...sampler.draw(new Rng(1))].map((batch) => Array.from(batch));
    const drawn = draw();
    expect(drawn).toHaveLength(40);
    for (const batch of drawn) {
      const counts = new Map<number, number>();
      for (const i of batch) counts.set(labels[i] as number, (counts.get(labels[i] as number) ?? 0) + 1);
      expect([...counts.values()]).toEqual([3, 3]);
      for (const label of [0, 1]) {
        const own = batch.filter((i) => labels[i] === label);
        expect(new Set(own).size).toBe(own.length);
      }
    }
    expect(new Set(drawn.flat()).size).toBe(labels.length);
    expect(draw()).toEqual(drawn);
  });

  test("refuses sizes that do not fit", () => {
    expect(() => mPerClassSampler(labels, 4, { size: 6 })).toThrow(
      "mPerClassSampler: size is 6, expected a multiple of m, 4.",
    );
    expect(() => mPerClassSampler(labels, 2, { size: 10 })).toThrow(
      "mPerClassSampler: size is 10, expected at most m for each of the 4 classes: 8.",
    );
    expect(() => mPerClassSampler([0.5], 1, { size: 1 })).toThrow(DataError);
  });
});

test("a recognizer knows whom it was shown once, and that others are unknown", () => {
  const known = new Recognizer(2, { threshold: 1 });
  expect(known.recognize(host([[0, 0]]))).toEqual([{ name: null, distance: Infinity }]);
  known.enroll("Ada", host([[0, 0]]));
  known.enroll(
    "Emmy",
    host([
      [5, 0],
      [5, 1],
    ]),
  );
  expect(
    known
      .recognize(
        host([
          [0.5, 0],
          [5, 1.5],
          [2.5, 0],
        ]),
      )
      .map(({ name }) => name),
  ).toEqual(["Ada", "Emmy", null]);
  expect(() => known.enroll("", host([[1, 1]]))).toThrow(OptionError);
  expect(() => new Recognizer(2, { threshold: -1 })).toThrow(OptionError);
});
