import { readFileSync } from "node:fs";
import {
  chainedLr,
  constantLr,
  cosineAnnealingLr,
  cosineAnnealingWarmRestarts,
  cyclicLr,
  cyclicMomentum,
  exponentialLr,
  lambdaLr,
  linearLr,
  linearWarmup,
  multiplicativeLr,
  multiStepLr,
  oneCycleLr,
  oneCycleMomentum,
  OptionError,
  perEpoch,
  type PlateauState,
  polynomialLr,
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
  type Schedule,
  sequentialLr,
  stepLr,
  swaLr,
} from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { expect, test } from "vitest";

/** Falls in stairs, with a ripple of 64ths that never falls, as in the fixture. */
const metric = (step: number) => 1 / (1 + Math.floor(step / 25)) + ((7 * step) % 5) / 64;

/** What the rate is in each step, when the metric is observed after it. */
function plateau(observed: Schedule, options: ReduceLROnPlateauOptions = {}): Schedule {
  const reducing = new ReduceLROnPlateau(0.5, options);
  const rates = Array.from({ length: 200 }, (_, step) => {
    const rate = reducing.schedule(step);
    reducing.observe(observed(step));
    return rate;
  });
  return (step) => rates[step] as number;
}

const oneCycle = { totalSteps: 200, pctStart: 0.25, annealStrategy: "linear", threePhase: true } as const;
const cyclic = { baseLr: 0.1, maxLr: 0.5, stepSizeUp: 20 };

/** Every schedule, with the options of the fixture's case of the same name. */
const rows: Readonly<Record<string, Schedule>> = {
  constantLr: constantLr(0.5),
  "constantLr, options": constantLr(0.5, { factor: 0.25, totalIters: 50 }),
  linearLr: linearLr(0.5),
  "linearLr, options": linearLr(0.5, { startFactor: 0.8, endFactor: 0.1, totalIters: 90 }),
  stepLr: stepLr(0.5, { stepSize: 30 }),
  "stepLr, options": stepLr(0.5, { stepSize: 7, gamma: 0.9 }),
  multiStepLr: multiStepLr(0.5, { milestones: [30, 80, 80] }),
  exponentialLr: exponentialLr(0.5, { gamma: 0.98 }),
  polynomialLr: polynomialLr(0.5),
  "polynomialLr, options": polynomialLr(0.5, { totalIters: 150, power: 2.5 }),
  cosineAnnealingLr: cosineAnnealingLr(0.5, { tMax: 200 }),
  "cosineAnnealingLr, options": cosineAnnealingLr(0.5, { tMax: 60, etaMin: 0.01 }),
  cosineAnnealingWarmRestarts: cosineAnnealingWarmRestarts(0.5, { t0: 30 }),
  "cosineAnnealingWarmRestarts, options": cosineAnnealingWarmRestarts(0.5, {
    t0: 10,
    tMult: 2,
    etaMin: 0.02,
  }),
  oneCycleLr: oneCycleLr(0.5, { totalSteps: 200 }),
  "oneCycleLr, options": oneCycleLr(0.5, { ...oneCycle, divFactor: 10, finalDivFactor: 100 }),
  oneCycleMomentum: oneCycleMomentum({ totalSteps: 200 }),
  "oneCycleMomentum, options": oneCycleMomentum({ ...oneCycle, baseMomentum: 0.5, maxMomentum: 0.8 }),
  cyclicLr: cyclicLr(cyclic),
  "cyclicLr, triangular2": cyclicLr({ ...cyclic, stepSizeDown: 12, mode: "triangular2" }),
  "cyclicLr, expRange": cyclicLr({ ...cyclic, mode: "expRange", gamma: 0.99 }),
  cyclicMomentum: cyclicMomentum({ stepSizeUp: 20 }),
  lambdaLr: lambdaLr(0.5, (step) => 1 / (1 + step)),
  multiplicativeLr: multiplicativeLr(0.5, (step) => 1 - 1 / (2 + step)),
  swaLr: swaLr(0.5, { swaLr: 0.05 }),
  "swaLr, options": swaLr(0.5, { swaLr: 0.05, annealEpochs: 40, annealStrategy: "linear" }),
  linearWarmup: linearWarmup(cosineAnnealingLr(0.5, { tMax: 180 }), { steps: 20, startFactor: 0.1 }),
  sequentialLr: sequentialLr(
    [constantLr(0.5, { totalIters: 20 }), exponentialLr(0.5, { gamma: 0.9 }), stepLr(0.5, { stepSize: 40 })],
    [10, 60],
  ),
  chainedLr: chainedLr(0.5, [
    linearLr(1, { startFactor: 0.5, totalIters: 40 }),
    exponentialLr(1, { gamma: 0.98 }),
  ]),
  reduceLROnPlateau: plateau(metric),
  "reduceLROnPlateau, options": plateau((step) => -metric(step), {
    mode: "max",
    factor: 0.5,
    patience: 3,
    threshold: 0.05,
    thresholdMode: "abs",
    cooldown: 4,
    minLr: 0.02,
  }),
};

const { cases } = fixture<{ cases: { name: string; values: number[] }[] }>(
  import.meta.url,
  "../fixtures/torch/schedules.json",
);

test("every schedule has a row, and every row a case", () => {
  const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
  const section = /\/\/ schedules\n((?:.+\n)*)/.exec(index)?.[1] ?? "";
  const names = [...section.matchAll(/\{([^}]*)\}/g)]
    .flatMap(([, list = ""]) => list.split(",").map((name) => name.trim()))
    .filter((name) => name !== "" && !name.startsWith("type ") && name !== "perEpoch")
    .map((name) => name.charAt(0).toLowerCase() + name.slice(1));
  expect(Object.keys(rows)).toEqual(expect.arrayContaining(names));
  expect(Object.keys(rows).toSorted()).toEqual(cases.map(({ name }) => name).toSorted());
});

// The fixture has eight digits; PyTorch multiplies its way from step to step, which is 200 roundings of 1e-16 at most.
test.each(cases.map((c) => [c.name, c] as const))("%s says what PyTorch's says, 200 steps", (name, c) => {
  const said = c.values.map((_, step) => rows[name]?.(step) as number);
  expect(said).toBeAllclose(c.values, { rtol: 6e-8, atol: 1e-12 });
});

test("a schedule is a function: any step, in any order, any number of times", () => {
  for (const [name, schedule] of Object.entries(rows)) {
    const steps = [150, 3, 40, 3, 0, 199];
    const first = steps.map(schedule);
    expect(steps.map(schedule), name).toEqual(first);
    expect(first[1], name).toBe(first[3]);
  }
});

test("after the end the last value stays", () => {
  expect(oneCycleLr(0.5, { totalSteps: 10 })(1000)).toBeCloseTo(0.5 / 25 / 1e4, 12);
  expect(linearLr(0.5)(1000)).toBe(0.5);
  expect(polynomialLr(0.5)(1000)).toBe(0);
});

test("a warmup starts from 0 by default", () => {
  expect([0, 1, 2, 4, 5].map(linearWarmup(0.4, { steps: 4 }))).toEqual([0, 0.1, 0.2, 0.4, 0.4]);
});

test("a schedule of epochs changes when an epoch is over", () => {
  const schedule = perEpoch(stepLr(1, { stepSize: 2, gamma: 0.5 }), 3);
  expect([0, 2, 3, 5, 6, 11, 12].map(schedule)).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.25]);
});

test("a plateau resumes from a saved state", () => {
  const [through, before] = [0, 1].map(() => new ReduceLROnPlateau(1, { patience: 2, cooldown: 1 })) as [
    ReduceLROnPlateau,
    ReduceLROnPlateau,
  ];
  for (let i = 0; i < 5; i++) for (const each of [through, before]) each.observe(3);
  const after = new ReduceLROnPlateau(1, { patience: 2, cooldown: 1 });
  after.restore(JSON.parse(JSON.stringify(before.state())) as PlateauState);
  for (let i = 0; i < 10; i++) expect(after.observe(3)).toBe(through.observe(3));
  expect(after.learningRate).toBeLessThan(1);
});

test("a metric that is no number is no better", () => {
  const plateaued = new ReduceLROnPlateau(1, { patience: 0 });
  expect([NaN, NaN].map((m) => plateaued.observe(m))[0]).toBeCloseTo(0.1);
  expect(plateaued.state().best).toBeUndefined();
});

test("what cannot be meant is refused", () => {
  expect(() => stepLr(1, { stepSize: 0 })).toThrow(new OptionError("stepLr", "stepSize", 0, "a number > 0"));
  expect(() => linearLr(1, { startFactor: 0 })).toThrow(
    "linearLr: startFactor is 0, expected a number in (0, 1].",
  );
  expect(() => oneCycleLr(1, { totalSteps: 0 })).toThrow(
    "oneCycleLr: totalSteps is 0, expected an integer ≥ 1.",
  );
  expect(() => sequentialLr([stepLr(1, { stepSize: 1 })], [3])).toThrow(
    "sequentialLr: milestones is [3], expected one less than the 1 schedules.",
  );
  expect(() => new ReduceLROnPlateau(1, { factor: 1 })).toThrow(
    "ReduceLROnPlateau: factor is 1, expected a number < 1.",
  );
});
