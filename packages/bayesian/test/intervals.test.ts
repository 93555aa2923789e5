import { useBackend } from "@pellucid/backends";
import {
  adam,
  Conv2d,
  Dropout,
  Flatten,
  GELU,
  Identity,
  Linear,
  MaxPool2d,
  type Module,
  OptionError,
  Optimizer,
  relu,
  ReLU,
  Rng,
  Sequential,
  Tanh,
  trainable,
  training,
  trainStep,
} from "@pellucid/core-train";
import {
  certify,
  crownBounds,
  type Interval,
  intervalAround,
  intervalBounds,
  IntervalConv2d,
  IntervalLinear,
  intervalLoss,
  Monotone,
} from "@pellucid/bayesian";
import {
  add,
  mul,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const uniform = (rng: Rng, shape: number[], low = -1, high = 1) =>
  tensor(rng.uniform(shape, low, high).data, shape);

/** Numbers within an interval. */
const within = (rng: Rng, { lower, upper }: Interval) =>
  add(lower, mul(uniform(rng, lower.shape, 0, 1), add(upper, mul(lower, -1))));

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  const networks: Readonly<
    Record<string, (rng: Rng) => { model: Module & { forward(x: never): Tensor }; shape: number[] }>
  > = {
    "a perceptron": (rng) => ({
      model: new Sequential(
        new Linear(4, 8, { rng }),
        new ReLU(),
        new Linear(8, 8, { rng }),
        new ReLU(),
        new Linear(8, 3, { rng }),
      ),
      shape: [5, 4],
    }),
    "a convolutional network": (rng) => ({
      model: new Sequential(
        new Conv2d(1, 3, 3, { rng, padding: 1 }),
        new Tanh(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(12, 3, { rng }),
      ),
      shape: [2, 4, 4, 1],
    }),
  };

  test.each(Object.entries(networks))(
    "bounds of %s contain the outputs of inputs within theirs",
    (name, create) => {
      const rng = new Rng(3);
      const { model, shape } = create(rng);
      tidy(() => {
        const x = uniform(rng, shape);
        const input = intervalAround(x, 0.1);
        const all = [
          intervalBounds(model, input),
          ...(name === "a perceptron" ? [crownBounds(model, input)] : []),
        ];
        for (const { lower, upper } of all) {
          const [low, high] = [lower.dataSync(), upper.dataSync()];
          for (let i = 0; i < 200; i++)
            model
              .forward(within(rng, input) as never)
              .dataSync()
              .forEach((y: number, k: number) => {
                expect(y).toBeGreaterThanOrEqual((low[k] as number) - 1e-5);
                expect(y).toBeLessThanOrEqual((high[k] as number) + 1e-5);
              });
        }
        if (all.length < 2) return;
        const width = ({ lower, upper }: Interval) =>
          Array.from(add(upper, mul(lower, -1)).dataSync()).reduce((a, b) => a + b);
        expect(width(all[1] as Interval)).toBeLessThan(0.8 * width(all[0] as Interval));
      });
      model.dispose();
    },
  );

  test("CROWN is exact for one ReLU between two lines, worked by hand", () => {
    const rng = new Rng(0);
    const model = new Sequential(new Linear(1, 2, { rng }), new ReLU(), new Linear(2, 1, { rng }));
    const [first, , last] = model.layers as [Linear, ReLU, Linear];
    tidy(() => {
      // y = relu(x + 1) − relu(x − 1) for x in [−2, 2]: z₁ in [−1, 3], z₂ in [−3, 1]
      first.weight.assign(tensor2d([[1, 1]]) as never);
      first.bias?.assign(tensor1d([1, -1]) as never);
      last.weight.assign(tensor2d([[1], [-1]]) as never);
      last.bias?.assign(tensor1d([0]) as never);
      // above: relu(z₁) ≤ ¾ z₁ + ¾ and relu(z₂) ≥ 0, so y ≤ ¾ (x + 1) + ¾ ≤ 3
      // below: relu(z₁) ≥ z₁ (3 > 1) and relu(z₂) ≤ ¼ z₂ + ¾, so y ≥ (x + 1) − ¼ (x − 1) − ¾ ≥ −1
      const { lower, upper } = crownBounds(model, { lower: tensor2d([[-2]]), upper: tensor2d([[2]]) });
      expect([lower.dataSync()[0], upper.dataSync()[0]]).toEqual([-1, 3]);
      const wide = intervalBounds(model, { lower: tensor2d([[-2]]), upper: tensor2d([[2]]) });
      expect([wide.lower.dataSync()[0], wide.upper.dataSync()[0]]).toEqual([-1, 3]);
    });
    model.dispose();
  });

  test("interval layers contain every choice of weights and inputs, in training and in inference", () => {
    const rng = new Rng(1);
    const layer = new IntervalLinear(3, 2, { rng, rho: -1 });
    const conv = new IntervalConv2d(2, 3, 3, { rng, rho: -1, padding: 1, stride: 2 });
    tidy(() => {
      const x = intervalAround(uniform(rng, [4, 3]) as Tensor2D, 0.2);
      for (const { lower, upper } of [layer.forward(x), training(layer, () => layer.forward(x))]) {
        const [low, high] = [lower.dataSync(), upper.dataSync()];
        for (let i = 0; i < 300; i++) {
          const [xs, ws, bs] = [
            within(rng, x),
            within(rng, layer.weights()),
            within(rng, layer.biases() as Interval),
          ].map((t) => Array.from(t.dataSync())) as [number[], number[], number[]];
          for (let n = 0; n < 4; n++)
            for (let o = 0; o < 2; o++) {
              const y = [0, 1, 2].reduce(
                (total, k) => total + (xs[3 * n + k] as number) * (ws[2 * k + o] as number),
                bs[o] as number,
              );
              expect(y).toBeGreaterThanOrEqual(low[2 * n + o] as number);
              expect(y).toBeLessThanOrEqual(high[2 * n + o] as number);
            }
        }
      }
      const image = uniform(rng, [1, 4, 4, 2]);
      const { lower, upper } = conv.forward({ lower: image, upper: image } as never);
      expect(lower.shape).toEqual([1, 2, 2, 3]);
      expect(Math.min(...add(upper, mul(lower, -1)).dataSync())).toBeGreaterThan(0);
      expect(() => layer.forward(x)).toLeakNothing();
    });
    for (const each of [layer, conv]) each.dispose();
  });

  test("an interval network learns to contain noisy targets", async () => {
    const rng = new Rng(0);
    const net = new Sequential(
      new IntervalLinear(1, 16, { rng }),
      new Monotone(relu),
      new IntervalLinear(16, 1, { rng }),
    );
    const draw = () => {
      const x = rng.uniform([128, 1], -1, 1);
      const noise = rng.uniform([128, 1], -0.2, 0.2).data;
      return {
        x: tensor2d(x.data, [128, 1]),
        y: tensor2d(
          x.data.map((value, i) => value ** 2 + (noise[i] as number)),
          [128, 1],
        ),
      };
    };
    const [train, held] = [draw(), draw()];
    const optimizer = new Optimizer(adam({ learningRate: 0.02 }), trainable(net));
    const at = (x: Tensor2D) => net.forward({ lower: x, upper: x }) as Interval<Tensor2D>;
    for (let i = 0; i < 150; i++)
      await trainStep(net, optimizer, () =>
        intervalLoss(at(train.x), train.y, { coverage: 400, width: 0.5 }),
      );
    tidy(() => {
      const { lower, upper } = at(held.x);
      const [low, high, y] = [lower, upper, held.y].map((t) => t.dataSync()) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const inside = y.filter(
        (value, i) => value >= (low[i] as number) && value <= (high[i] as number),
      ).length;
      expect(inside / 128).toBeGreaterThan(0.9);
      expect(high.reduce((total, value, i) => total + value - (low[i] as number), 0) / 128).toBeLessThan(1);
    });
    optimizer.dispose();
    for (const each of [train.x, train.y, held.x, held.y]) each.dispose();
    net.dispose();
  });

  test("certify says which examples no small change can turn", async () => {
    const rng = new Rng(0);
    const model = new Linear(2, 2, { rng });
    tidy(() => {
      model.weight.assign(
        tensor2d([
          [1, -1],
          [0, 0],
        ]) as never,
      );
      model.bias?.assign(tensor1d([0, 0]) as never);
    });
    const [x, labels] = [
      tensor2d([
        [0.5, 0],
        [0.05, 0],
        [-0.5, 0],
      ]),
      tensor1d([0, 0, 0], "int32"),
    ];
    // the logits are (x₀, −x₀): the class changes where x₀ changes its sign
    for (const bounds of [intervalBounds, crownBounds])
      expect(await certify(model, x, labels, { radius: 0.1, bounds })).toEqual([true, false, false]);
    expect(() => intervalBounds(new GELU(), intervalAround(x, 0.1))).toThrow(/GELU/);
    expect(() =>
      crownBounds(new Sequential(new Linear(2, 2, { rng }), new Tanh()), intervalAround(x, 0.1)),
    ).toThrow(OptionError);
    const [first, drop] = [new Linear(2, 2, { rng }), new Dropout(0.5, { rng })];
    const [plain, dropped] = [new Sequential(first), new Sequential(first, drop, new Identity())];
    for (const bounds of [intervalBounds, crownBounds]) {
      const around = intervalAround(x, 0.1);
      expect(bounds(dropped, around).upper).toBeAllclose([...bounds(plain, around).upper.dataSync()]);
      expect(() => training(dropped, () => bounds(dropped, around))).toThrow(/Dropout in training mode/);
    }
    expect(() => intervalAround(x, -1)).toThrow(OptionError);
    for (const each of [x, labels, model]) each.dispose();
  });
});
