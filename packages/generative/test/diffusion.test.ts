// Diffusion of points against PyTorch: solvers step by step from one noise, losses, gradients, and a script replayed from its seed.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  AveragedModel,
  chain,
  clipGradNorm,
  ema,
  loadWeights,
  Optimizer,
  Rng,
  trainable,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import {
  type Clip,
  cosineSchedule,
  ddim,
  ddpm,
  dpmSolver,
  drawSamples,
  euler,
  GaussianDiffusion,
  heun,
  linearSchedule,
  NoiseSchedule,
  type Objective,
  type Solver,
} from "@pellucid/generative";
import { fixture, formulaWeights, hashedTensor } from "@pellucid/testing";
import {
  gather,
  memory,
  mul,
  slice,
  sub,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { PointNet } from "./point-net.ts";

interface Fixture {
  readonly trajectories: Record<string, number[][]>;
  readonly losses: Record<string, { times: number[]; loss: number; gradient: number[] }>;
  readonly learned: { loss: number; bound: number[]; gradient: number[]; sampled: number[] };
  readonly script: { losses: number[]; ema: number[]; samples: number[] };
}
const torch = fixture<Fixture>(import.meta.url, "../fixtures/torch/diffusion.json");
const schedule = cosineSchedule(40);
const within = (atol: number) => ({ atol, rtol: atol });

function given(features: number, out: number): PointNet {
  const net = new PointNet(features, out, { rng: new Rng(0) });
  const shapes = {
    "fc1.bias": [16],
    "fc1.weight": [16, features + 8],
    "fc2.bias": [out],
    "fc2.weight": [out, 16],
  };
  loadWeights(
    net,
    formulaWeights(shapes, (x) => x),
  );
  return net;
}

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  const solvers: Record<string, readonly [Solver, Clip?]> = {
    ddpm: [ddpm()],
    ddim: [ddim()],
    "ddim-eta": [ddim({ eta: 0.7 })],
    "clipped-ddim": [ddim(), 0.4],
    euler: [euler()],
    heun: [heun()],
    dpm: [dpmSolver({ lowerOrderFinal: false })],
  };

  test.each(Object.entries(torch.trajectories))("%s: every step is PyTorch's", async (name, steps) => {
    const [solverName, objective] = name.split(" ") as [string, Objective];
    const [solver, clip] = solvers[solverName] as readonly [Solver, Clip?];
    const diffusion = new GaussianDiffusion(given(2, 2), { schedule, objective });
    const sampler = diffusion.sampler({ solver, steps: 10, ...(clip !== undefined && { clip }) });
    const found: number[][] = [];
    for await (const { x, step } of sampler.sample({ shape: [8, 2], rng: new Rng(7) }))
      if (step > 0) found.push([...x.dataSync()]);
    // a prediction of noise is divided by √ᾱ, 1/200 at the first step, and the rounding of 32 bits with it
    expect(found.flat()).toBeAllclose(steps.flat(), within(objective === "pred_noise" ? 2e-4 : 1e-5));
    diffusion.dispose();
  });

  test.each(Object.entries(torch.losses))("%s: the loss and its gradient are PyTorch's", (name, wanted) => {
    const [objective, gamma, offsetNoise] = name.split(" ") as [Objective, string, string];
    const bound = gamma === "None" ? {} : { minSnrGamma: Number(gamma) };
    const options = { schedule, objective, ...bound, offsetNoise: Number(offsetNoise) };
    const diffusion = new GaussianDiffusion(given(4, 4), options);
    const x0 = hashedTensor<Tensor2D>([6, 4], 1, (x) => 2 * x);
    const { value, gradients } = valueAndGradients(trainable(diffusion), () =>
      diffusion.loss(x0, { rng: new Rng(3) }),
    );
    expect(value).toBeAllclose([wanted.loss], within(4e-6));
    expect(transpose(gradients["model.fc1.weight"] as Tensor2D)).toBeAllclose(wanted.gradient, within(1e-5));
    diffusion.dispose();
  });

  test("the learned variance: loss, gradient and samples are PyTorch's", async () => {
    const options = {
      schedule,
      objective: "pred_noise",
      minSnrGamma: "uniform",
      learnedVariance: true,
    } as const;
    const diffusion = new GaussianDiffusion(given(4, 8), options);
    const values = hashedTensor([6, 4], 1, (x) => 2 * x).dataSync();
    values[0] = 1;
    values[1] = -1;
    const x0 = tensor2d(values, [6, 4]);
    const noise = hashedTensor([6, 4], 2, (x) => 3 * x);
    const { value, gradients } = valueAndGradients(trainable(diffusion), () =>
      diffusion.lossAt(x0, [0, 3, 12, 25, 39, 0], noise),
    );
    expect(value).toBeAllclose([torch.learned.loss], within(1e-5));
    expect(transpose(gradients["model.fc2.weight"] as Tensor2D)).toBeAllclose(
      torch.learned.gradient,
      within(2e-5),
    );
    const points = new GaussianDiffusion(given(2, 4), { schedule, learnedVariance: true });
    const samples = await drawSamples(points.sampler(), { shape: [8, 2], rng: new Rng(11) });
    expect(samples).toBeAllclose(torch.learned.sampled, within(2e-5));
  });

  test("a script of 100 training steps is replayed from its seed, with its average and its samples", async () => {
    const rng = new Rng(0);
    const net = new PointNet(16, 16, { rng, hidden: 32 });
    const diffusion = new GaussianDiffusion(net, { schedule, minSnrGamma: 5 });
    const averaged = new AveragedModel(net, { average: ema(0.95) });
    const data = hashedTensor<Tensor2D>([64, 16], 5, (x) => 2 * x);
    const transform = chain(clipGradNorm(1), adam({ learningRate: 2e-3, betas: [0.9, 0.99] }));
    const optimizer = new Optimizer(transform, trainable(diffusion));
    const losses: number[] = [];
    for (let step = 0; step < 100; step++) {
      const rows = tensor1d([...rng.randint(0, 64, [16]).data], "int32");
      const x0 = gather(data, rows);
      losses.push(await trainStep(diffusion, optimizer, () => diffusion.loss(x0, { rng })));
      averaged.update();
    }
    expect(losses).toBeAllclose(torch.script.losses, within(1e-4));
    averaged.apply();
    expect(net.fc2.bias as Tensor).toBeAllclose(torch.script.ema, within(1e-4));
    const samples = await drawSamples(diffusion.sampler({ clip: 1 }), { shape: [4, 16], rng });
    expect(samples).toBeAllclose(torch.script.samples, within(1e-4));
  });
});

test("a perfect denoiser of normal examples recovers their mean and standard deviation", async () => {
  const [mean, variance] = [0.5, 0.25];
  const fine = cosineSchedule(200);
  const exact = {
    forward: ({ x, time }: { x: Tensor; time: Tensor }): Tensor => {
      const { alpha, sigma } = fine.level(time.dataSync()[0] as number);
      const total = alpha ** 2 * variance + sigma ** 2; // E[ε | x] = σ (x − α m) / total
      return sub(mul(x, sigma / total), (sigma * alpha * mean) / total);
    },
  };
  const net = Object.assign(new PointNet(2, 2, { rng: new Rng(0) }), exact);
  const diffusion = new GaussianDiffusion(net, { schedule: fine, objective: "pred_noise" });
  for (const solver of [ddpm({ variance: "large" }), ddpm(), ddim(), heun(), dpmSolver()]) {
    const x = await drawSamples(diffusion.sampler({ solver }), { shape: [5000, 1], rng: new Rng(1) });
    const values = [...x.dataSync()];
    const found = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - found) ** 2, 0) / values.length);
    expect(Math.abs(found - mean)).toBeLessThan(0.03); // four standard errors of 5000
    expect(Math.abs(spread - Math.sqrt(variance))).toBeLessThan(0.03);
  }
});

describe("sampling", () => {
  const make = () => new GaussianDiffusion(given(2, 2), { schedule: linearSchedule(50) });

  test("reports the noise and each step, and yields to a signal between two steps", async () => {
    const diffusion = make();
    const stop = new AbortController();
    const before = memory().numTensors;
    const seen: number[] = [];
    const run = async () => {
      const sampler = diffusion.sampler({ steps: 10, solver: ddim() });
      for await (const { step, steps, x, x0, time } of sampler.sample({
        shape: [3, 2],
        rng: new Rng(0),
        signal: stop.signal,
      })) {
        expect(steps).toBe(10);
        expect(x.shape).toEqual([3, 2]);
        expect(x0 === null).toBe(step === 0);
        expect(time).toBe(step === 10 ? -1 : 49 - 5 * step);
        seen.push(step);
        if (step === 4) stop.abort(new Error("enough"));
      }
    };
    await expect(run()).rejects.toThrow("enough");
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(memory().numTensors).toBe(before);
  });

  test("leaks no tensors when it ends, stops early, or a network throws", async () => {
    const diffusion = make();
    const before = memory().numTensors;
    const options = { shape: [3, 2], rng: new Rng(0) };
    (await drawSamples(diffusion.sampler({ steps: 5 }), options)).dispose();
    for await (const { step } of diffusion.sampler({ steps: 5 }).sample(options)) if (step === 2) break;
    await expect(drawSamples(diffusion.sampler(), { ...options, shape: [3, 5] })).rejects.toThrow(/Linear/u);
    expect(memory().numTensors).toBe(before);
  });

  test("from given noise, two runs of one seed are equal", async () => {
    const diffusion = make();
    const start = hashedTensor<Tensor2D>([4, 2], 1, (x) => 3 * x);
    const draw = () => drawSamples(diffusion.sampler(), { shape: [4, 2], rng: new Rng(5), start });
    expect(await draw()).toBeAllclose(await draw(), { atol: 0, rtol: 0 });
    const half = await drawSamples(diffusion.sampler({ solver: ddim() }), {
      shape: [2, 2],
      rng: new Rng(5),
      start: slice(start, 0, 2),
    });
    const whole = await drawSamples(diffusion.sampler({ solver: ddim() }), {
      shape: [4, 2],
      rng: new Rng(5),
      start,
    });
    expect(half).toBeAllclose(slice(whole, 0, 2), within(1e-6));
  });

  test("names what is wrong", () => {
    const diffusion = make();
    const rng = new Rng(0);
    expect(() => diffusion.sampler({ steps: 51 })).toThrow(
      "timestepSpacing: steps is 51, expected at most the 50 of training.",
    );
    expect(() => diffusion.sampler().sample({ shape: [0, 2], rng })).toThrow(
      "sample: shape[0] is 0, expected an integer above 0.",
    );
    expect(() => diffusion.sampler().sample({ shape: [1, 2], rng: undefined as never })).toThrow(
      "sample: rng is undefined, expected a random generator, such as new Rng(0).",
    );
    expect(() => diffusion.sampler({ solve: ddim() } as never)).toThrow(
      "GaussianDiffusion.sampler: there is no option solve, did you mean solver?",
    );
    expect(() => new NoiseSchedule([0.1, 1.5])).toThrow(
      "NoiseSchedule: betas[1] is 1.5, expected a number above 0 and below 1 (or 1 at the end).",
    );
    expect(() => diffusion.lossAt(hashedTensor([2, 2], 1), [0], hashedTensor([2, 2], 2))).toThrow(
      "lossAt: times is 1 numbers, expected one for each of 2 examples.",
    );
    expect(() => diffusion.lossAt(hashedTensor([1, 2], 1), [50], hashedTensor([1, 2], 2))).toThrow(
      "NoiseSchedule.level: t is 50, expected an integer from -1 to 49.",
    );
  });
});
