// Networks over time: whole sequences and steps agree, convolutions, inhibition, what costs energy, errors and memory.
import { useBackend } from "@pellucid/backends";
import {
  Conv2d,
  DataError,
  Flatten,
  gradient,
  Linear,
  MaxPool2d,
  OptionError,
  Rng,
  ShapeError,
  stateOf,
} from "@pellucid/core-train";
import * as spiking from "@pellucid/spiking";
import { add, memory, mul, ones, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "cpu" });
});

const random = (seed: number, ...shape: number[]): Tensor => tensor(new Rng(seed).rand(shape).data, shape);

function images(): spiking.SpikingSequential {
  const rng = new Rng(0);
  return new spiking.SpikingSequential(
    new spiking.OverTime(new Conv2d(1, 4, 3, { rng, padding: 1 })),
    new spiking.Leaky([6, 6, 4], { beta: 0.8, threshold: 0.3 }),
    new spiking.OverTime(new MaxPool2d(2)),
    new spiking.OverTime(new Flatten()),
    new Linear(36, 5, { rng }),
    new spiking.RLeaky(5, { rng, beta: 0.9, threshold: 0.3 }),
  );
}

test("a convolutional network gives the same at once as step by step", () => {
  const net = images();
  expect(Object.keys(stateOf(net)).slice(0, 2)).toEqual(["0.layer.weight", "0.layer.bias"]);
  const x = random(1, 3, 7, 6, 6, 1);
  const whole = net.forward(x);
  expect(whole).toHaveShape([3, 7, 5]);
  expect(whole.dataSync().some((v) => v === 1)).toBe(true);
  let state = net.initialState(3);
  const values = x.dataSync();
  for (let t = 0; t < 7; t++) {
    const step = Array.from({ length: 3 }, (_, b) =>
      Array.from(values.slice((b * 7 + t) * 36, (b * 7 + t + 1) * 36)),
    ).flat();
    const after = net.step(tensor(step, [3, 6, 6, 1]), state);
    state = after.state;
    const wanted = [0, 1, 2].flatMap((b) =>
      Array.from(whole.dataSync().slice((b * 7 + t) * 5, (b * 7 + t + 1) * 5)),
    );
    expect(after.output).toBeAllclose(wanted, { rtol: 0, atol: 0 });
  }
});

test("a sequence continues from the state after its first part", () => {
  for (const resetMechanism of ["subtract", "none"] as const) {
    const layer = new spiking.Synaptic(4, { alpha: 0.7, beta: 0.9, resetMechanism });
    const [first, second] = [random(2, 2, 5, 4), random(3, 2, 6, 4)];
    const both = tensor(
      [0, 1].flatMap((b) => [
        ...first.dataSync().slice(b * 20, (b + 1) * 20),
        ...second.dataSync().slice(b * 24, (b + 1) * 24),
      ]),
      [2, 11, 4],
    );
    const whole = layer.record(both).state.mem;
    const { state } = layer.record(first);
    expect(layer.record(second, state).state.mem).toBeAllclose(whole, { rtol: 1e-5, atol: 1e-6 });
  }
});

test("with inhibition only the highest membrane spikes", () => {
  const layer = new spiking.Leaky(3, { beta: 0.5, inhibition: true });
  const { spikes } = layer.record(tensor([2, 3, 4, 0.1, 0.2, 0.3], [1, 2, 3]));
  expect(spikes).toBeAllclose([0, 0, 1, 0, 0, 1]); // the membrane of the last is still 1.3
});

test("every surrogate spikes above 0 only, and has the derivative of its formula", () => {
  const rows: readonly (readonly [spiking.Surrogate, (x: number) => number])[] = [
    [spiking.triangular(2), (x) => (x < 0 ? 2 : -2)],
    [spiking.straightThrough(), () => 1],
    [spiking.heaviside(), (x) => (x > 0 ? 1 : 0)],
    [spiking.spikeRateEscape(1.5, 20), (x) => 20 * Math.exp(-1.5 * Math.abs(x - 1))],
    [spiking.leakySpikeOperator(0.2), (x) => (x > 0 ? 1 : 0.2)],
    [spiking.sparseFastSigmoid(10, -0.5), (x) => (x > -0.5 ? 1 / (1 + 10 * Math.abs(x)) ** 2 : 0)],
  ];
  const x = [-1.5, -0.2, 0, 0.3, 2];
  for (const [surrogate, derivative] of rows) {
    expect(surrogate(tensor(x))).toBeAllclose([0, 0, 0, 1, 1]);
    expect(gradient((u: Tensor) => surrogate(u))(tensor(x))).toBeAllclose(x.map(derivative), {
      rtol: 1e-5,
      atol: 1e-6,
    });
  }
  const noisy = spiking.stochasticSpikeOperator({ rng: new Rng(0), mean: 1, variance: 0.4 });
  const found = gradient((u: Tensor) => noisy(u))(tensor(x)).dataSync();
  expect(found.slice(3)).toEqual(Float32Array.of(1, 1));
  for (const g of found.slice(0, 3)) expect(g).toBeGreaterThanOrEqual(0.2);
  for (const g of found.slice(0, 3)) expect(g).toBeLessThan(0.6);
});

test("work is counted by hand: two spikes reach three neurons each, a convolution's those within the image", async () => {
  const rng = new Rng(0);
  const net = new spiking.SpikingSequential(
    new Linear(4, 3, { rng }),
    new spiking.Leaky(3, { beta: 0.9, threshold: -100 }),
  );
  const x = tensor([1, 0, 0, 0, 0, 0, 1, 0], [1, 2, 4]);
  const { numTensors } = memory();
  const count = await spiking.energyCount(net, x);
  expect(memory().numTensors).toBe(numTensors);
  expect(count).toMatchObject({ spikes: [6], synapticOperations: 6, denseOperations: 24 });
  expect(count.energy).toBeCloseTo(5.4, 6);
  expect(count.denseEnergy).toBeCloseTo(12 * 4.6, 6);
  const conv = new spiking.SpikingSequential(new spiking.OverTime(new Conv2d(1, 2, 3, { rng, padding: 1 })));
  const corner = add(zeros([1, 1, 3, 3, 1]), tensor([1, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 3, 3, 1]));
  expect((await spiking.energyCount(conv, corner)).synapticOperations).toBe(2 * 4);
  expect((await spiking.energyCount(conv, ones([1, 1, 3, 3, 1]))).denseOperations).toBe(2 * 49);
});

test("wrong shapes, sizes and settings are refused", () => {
  const layer = new spiking.Leaky(3, { beta: 0.9 });
  expect(() => layer.forward(zeros([2, 5, 4]))).toThrow(
    new ShapeError("Leaky(3): x is [2, 5, 4], expected [batch, time, 3]."),
  );
  expect(() => layer.record(zeros([2, 0, 3]))).toThrow(DataError);
  expect(() => layer.step(zeros([2, 3]), layer.initialState(1))).toThrow(ShapeError);
  expect(() => new spiking.Leaky(3, { beta: [0.1, 0.2] })).toThrow(
    new OptionError("Leaky", "beta", "2 numbers", "a finite number, or one for each of 3 neurons"),
  );
  expect(() => new spiking.Alpha(3, { alpha: 0.5, beta: 0.9 })).toThrow(OptionError);
  expect(() => new spiking.Lapicque(3, { r: 1 })).toThrow(OptionError);
  expect(() => new spiking.RLeaky([4, 4, 2], { rng: new Rng(0), beta: 0.9 })).toThrow(OptionError);
  expect(() => spiking.rate(zeros([1, 2]), 3, { rng: new Rng(0), firstSpikeTime: 3 })).toThrow(OptionError);
  expect(() => spiking.latency(zeros([1, 2]), 3, { threshold: 1.5 })).toThrow(OptionError);
  const rng = new Rng(0);
  const broken = tensor([0.5, NaN], [1, 2]);
  expect(() => spiking.rate(broken, 3, { rng })).toThrow(
    new DataError("rate: data[1] is NaN, expected numbers. Fill in what is missing first."),
  );
  expect(() => spiking.rateOverTime(broken, { rng })).toThrow(DataError);
  expect(() => spiking.latency(broken, 3)).toThrow(DataError);
  expect(() => spiking.delta(zeros([2]))).toThrow(ShapeError);
  expect(() => spiking.ceCountLoss(zeros([1, 2, 5]), tensor([0], [1], "int32"), { numClasses: 2 })).toThrow(
    OptionError,
  );
  expect(() => spiking.decayScan(zeros([0, 1, 1]), tensor(0.5), zeros([1, 1]))).toThrow("no time steps");
});

test("nothing leaks", () => {
  const net = images();
  const [x, labels] = [random(1, 2, 4, 6, 6, 1), tensor([0, 1], [2], "int32")];
  const scanned = new spiking.Synaptic(4, { alpha: 0.7, beta: 0.9, resetMechanism: "none" });
  const inputs = random(2, 2, 5, 4);
  expect(() => net.forward(x)).toLeakNothing();
  expect(() => net.record(x)).toLeakNothing();
  expect(() => net.initialState(2)).toLeakNothing();
  expect(() => scanned.record(inputs)).toLeakNothing();
  expect(() =>
    gradient((u: Tensor) => spiking.ceCountLoss(net.forward(u), labels as never))(x),
  ).toLeakNothing();
  const spikes = net.forward(x);
  for (const loss of [
    spiking.ceRateLoss,
    spiking.ceMaxMembraneLoss,
    spiking.mseCountLoss,
    spiking.mseMembraneLoss,
    spiking.ceTemporalLoss,
    spiking.mseTemporalLoss,
  ])
    expect(() => loss(spikes, labels as never)).toLeakNothing();
  expect(() => spiking.rate(inputs, 3, { rng: new Rng(0) })).toLeakNothing();
  expect(() => spiking.latency(inputs, 3)).toLeakNothing();
  expect(() => spiking.delta(mul(inputs, 1))).not.toThrow();
});
