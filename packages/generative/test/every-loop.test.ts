// Loops of training and of sampling: memory stays flat, and one that is cancelled leaves nothing.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  AveragedModel,
  ema,
  type Module,
  mseLoss,
  Optimizer,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  Autoencoder,
  ConsistencyModel,
  contractivePenalty,
  cosineSchedule,
  ddim,
  dpmSolver,
  drawSamples,
  EdmDiffusion,
  FlowMatching,
  flowSampler,
  GaussianDiffusion,
  geometricSigmas,
  Glow,
  Flow,
  GumbelVae,
  heun,
  importanceWeightedElbo,
  karrasLevels,
  maf,
  negativeElbo,
  PixelCnn,
  realNvp,
  repaint,
  type Sampler,
  ScoreModel,
  Unet,
  Vae,
} from "@pellucid/generative";
import {
  add,
  mean,
  memory,
  neg,
  ones,
  sigmoid,
  square,
  tensor2d,
  tensor4d,
  type Tensor,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { PointNet } from "./point-net.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const steps = process.env["PELLUCID_LONG"] === undefined ? 60 : 5000;

const schedule = cosineSchedule(10);
const pointsOf = (rng: Rng) => tensor2d(rng.randn([4, 2]).data, [4, 2]);
const binary = () => tensor4d([0, 1, 1, 0, 1, 0, 0, 1], [2, 2, 2, 1]);
const imagesOf = (rng: Rng) => tensor4d(rng.rand([2, 4, 4, 1]).data, [2, 4, 4, 1]);
const net = (rng: Rng, out = 2) => new PointNet(2, out, { rng, hidden: 4 });
const unet = (rng: Rng) =>
  new Unet(4, { rng, channels: 1, dimMults: [1], fullAttn: [true], attnHeads: 1, attnDimHead: 2 });

/** What is trained, and the loss of a step. */
type Loop = (
  rng: Rng,
) => readonly [model: Module, loss: (x: Tensor) => Tensor, data?: (rng: Rng) => Tensor, after?: () => void];
const loops: Readonly<Record<string, Loop>> = {
  "a contractive autoencoder": (rng) => {
    const model = new Autoencoder([2, 3, 1], { rng });
    return [
      model,
      (x) =>
        add(
          mseLoss(model.forward(x), sigmoid(x)),
          contractivePenalty((at) => model.encode(at), x),
        ),
    ];
  },
  "a VAE": (rng) => {
    const model = new Vae(2, { rng, hiddenFeatures: 3, latentFeatures: 2 });
    return [
      model,
      (x) => {
        const { logits, posterior } = model.forward(sigmoid(x));
        return negativeElbo(logits, sigmoid(x), posterior).loss;
      },
    ];
  },
  IWAE: (rng) => {
    const model = new Vae(2, { rng, hiddenFeatures: 3, latentFeatures: 2 });
    return [model, (x) => importanceWeightedElbo(model, sigmoid(x), { rng, samples: 2 })];
  },
  "a Gumbel VAE": (rng) => {
    const model = new GumbelVae(2, { rng, hiddenFeatures: 3, variables: 2, classes: 2 });
    return [model, (x) => mean(square(model.forward(sigmoid(x)).logits))];
  },
  "an autoregressive flow": (rng) => {
    const model = maf(2, { rng, layers: 2, hiddenSizes: [4] });
    return [model, (x) => neg(mean(model.logProb(x)))];
  },
  Glow: (rng) => {
    const model = new Flow([new Glow(1, { rng, levels: 1, steps: 1, hiddenChannels: 2 })]);
    return [model, (x) => neg(mean(model.logProb(x))), imagesOf];
  },
  "DDPM with an average of its weights": (rng) => {
    const small = unet(rng);
    const model = new GaussianDiffusion(small, { schedule });
    const averaged = new AveragedModel(small, { average: ema(0.9) });
    return [model, (x) => model.loss(x, { rng }), imagesOf, () => averaged.update()];
  },
  "DDPM with a learned variance": (rng) => {
    const model = new GaussianDiffusion(net(rng, 4), { schedule, learnedVariance: true });
    return [model, (x) => model.loss(x, { rng })];
  },
  EDM: (rng) => {
    const model = new EdmDiffusion(net(rng));
    return [model, (x) => model.loss(x, { rng })];
  },
  "consistency distillation": (rng) => {
    const [teacher, model] = [new EdmDiffusion(net(rng)), new ConsistencyModel(net(rng))];
    return [model, (x) => model.loss(x, { rng, teacher, levels: karrasLevels(5) })];
  },
  "flow matching": (rng) => {
    const model = new FlowMatching(net(rng));
    return [model, (x) => model.loss(x, { rng })];
  },
  "score matching": (rng) => {
    const model = new ScoreModel(net(rng), geometricSigmas(3, 2, 0.1));
    return [model, (x) => model.loss(x, { rng })];
  },
  "a PixelCNN": (rng) => {
    const model = new PixelCnn({ rng, levels: 2, hiddenChannels: 2, depth: 1, kernelSize: 3 });
    return [model, (x) => neg(mean(model.logProb(x as Tensor4D))), binary];
  },
};

test.each(Object.entries(loops))(
  `memory stays flat over ${steps} steps of %s`,
  { timeout: 1_200_000 },
  async (_, make) => {
    const rng = new Rng(0);
    const [model, loss, data = pointsOf, after = () => {}] = make(rng);
    const optimizer = new Optimizer(adam(), trainable(model));
    const once = async () => {
      const x = data(rng);
      const value = await trainStep(model, optimizer, () => tidy(() => loss(x)));
      after();
      x.dispose();
      return value;
    };
    await once();
    const before = memory();
    for (let step = 0; step < steps; step++) expect(Number.isFinite(await once())).toBe(true);
    expect(memory().numTensors).toBe(before.numTensors);
    expect(memory().numBytes).toBe(before.numBytes);
  },
);

/** Samplers of every kind, and the shape that they draw. */
const samplers: Readonly<Record<string, (rng: Rng) => readonly [Sampler, readonly number[]]>> = {
  DDPM: (rng) => [new GaussianDiffusion(unet(rng), { schedule }).sampler(), [2, 4, 4, 1]],
  DDIM: (rng) => [new GaussianDiffusion(net(rng), { schedule }).sampler({ solver: ddim(), clip: 1 }), [4, 2]],
  "DPM-Solver++": (rng) => [
    new GaussianDiffusion(net(rng), { schedule }).sampler({ solver: dpmSolver() }),
    [4, 2],
  ],
  "a learned variance": (rng) => [
    new GaussianDiffusion(net(rng, 4), { schedule, learnedVariance: true }).sampler(),
    [4, 2],
  ],
  "EDM with Heun's steps": (rng) => [
    new EdmDiffusion(net(rng)).sampler({ steps: 5, solver: heun({ churn: 2 }) }),
    [4, 2],
  ],
  consistency: (rng) => [new ConsistencyModel(net(rng)).sampler({ sigmas: [80, 10, 2, 0.5] }), [4, 2]],
  "flow matching": (rng) => [new FlowMatching(net(rng)).sampler({ steps: 5, method: "rk4" }), [4, 2]],
  Langevin: (rng) => [
    new ScoreModel(net(rng), geometricSigmas(3, 2, 0.1)).sampler({ stepsPerLevel: 3 }),
    [4, 2],
  ],
  "a flow": (rng) => [flowSampler(realNvp(2, { rng, couplings: 4, hiddenSizes: [4] })), [4, 2]],
  PixelCNN: (rng) => {
    const model = new PixelCnn({ rng, levels: 2, hiddenChannels: 2, depth: 1, kernelSize: 3 });
    return [model.sampler(2, 2), [2, 2, 2, 1]];
  },
};

describe.each(Object.entries(samplers))("sampling from %s", (_, make) => {
  const rng = new Rng(1);

  test("twice takes no more memory than once", async () => {
    const [sampler, shape] = make(new Rng(0));
    const draw = async () => (await drawSamples(sampler, { shape, rng })).dispose();
    await draw();
    const before = memory();
    for (let i = 0; i < 3; i++) await draw();
    expect(memory().numTensors).toBe(before.numTensors);
    expect(memory().numBytes).toBe(before.numBytes);
  });

  test("leaves nothing where it is aborted, given up, or fails on the way", async () => {
    const [sampler, shape] = make(new Rng(0));
    const before = memory().numTensors;
    const stop = new AbortController();
    const aborted = drawSamples(sampler, { shape, rng, signal: stop.signal }, ({ step }) => {
      if (step === 2) stop.abort(new Error("enough"));
    });
    await expect(aborted).rejects.toThrow("enough");
    expect(memory().numTensors).toBe(before);
    for await (const { step } of sampler.sample({ shape, rng })) if (step === 2) break;
    expect(memory().numTensors).toBe(before);
    const failed = drawSamples(sampler, { shape, rng }, ({ step }) => {
      if (step === 2) throw new Error("no more");
    });
    await expect(failed).rejects.toThrow("no more");
    expect(memory().numTensors).toBe(before);
  });
});

test("inpainting that is aborted leaves nothing", async () => {
  const diffusion = new GaussianDiffusion(net(new Rng(0)), { schedule });
  const known = ones([4, 2]);
  const stop = new AbortController();
  const sampler = repaint(diffusion.denoiser(), { levels: diffusion.levels(), known, mask: known });
  const before = memory().numTensors;
  const drawn = drawSamples(sampler, { shape: [4, 2], rng: new Rng(1), signal: stop.signal }, ({ step }) => {
    if (step === 2) stop.abort(new Error("enough"));
  });
  await expect(drawn).rejects.toThrow("enough");
  expect(memory().numTensors).toBe(before);
});
