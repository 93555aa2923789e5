// Loops of two optimizers: what is frozen, what resumes, and that memory stays flat.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  AveragedModel,
  ema,
  Identity,
  type Layer,
  loadCheckpoint,
  type Module,
  Optimizer,
  Rng,
  saveCheckpoint,
  torchStateOf,
  trainable,
  training,
} from "@pellucid/core-train";
import {
  clipWeights,
  CycleGan,
  DcganDiscriminator,
  DcganGenerator,
  discriminatorStep,
  EmaVectorQuantizer,
  generatorStep,
  GivenClass,
  gradientPenalty,
  ImagePool,
  leastSquaresGan,
  MlpDiscriminator,
  MlpGenerator,
  PatchDiscriminator,
  r1Penalty,
  realNvp,
  ResnetGenerator,
  VqVae,
  wassersteinGan,
} from "@pellucid/generative";
import { trainStep } from "@pellucid/core-train";
import {
  add,
  fill,
  mean,
  memory,
  mul,
  neg,
  slice,
  square,
  sub,
  type Tensor,
  tensor1d,
  tensor2d,
  tensor4d,
  type Tensor4D,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const steps = process.env["PELLUCID_LONG"] === undefined ? 20 : 5000;
const noise = (rng: Rng, batch: number, size: number) =>
  tensor2d(rng.randn([batch, size]).data, [batch, size]);

function dcgan(seed: number) {
  const rng = new Rng(seed);
  const small = { rng, imageSize: 8, imageChannels: 1, channels: 2 };
  const generator = new DcganGenerator({ ...small, latentFeatures: 3 });
  const discriminator = new DcganDiscriminator(small);
  const average = new AveragedModel(generator, { average: ema(0.9), useBuffers: true });
  const make = () => adam({ learningRate: 1e-3, betas: [0.5, 0.999] });
  const ofGenerator = new Optimizer(make(), trainable(generator));
  const ofDiscriminator = new Optimizer(make(), trainable(discriminator));
  const parts = { rng, generator, discriminator, average, ofGenerator, ofDiscriminator };
  const step = async () => {
    const real = tensor4d(rng.rand([4, 8, 8, 1]).data, [4, 8, 8, 1]);
    const latent = noise(rng, 4, 3);
    const losses = [
      await discriminatorStep(parts, ofDiscriminator, real, latent, {
        penalty: (judge: Layer<Tensor4D, Tensor>, images: Tensor4D) => r1Penalty(judge, images, 1),
      }),
      await generatorStep(parts, ofGenerator, latent),
    ];
    average.update();
    real.dispose();
    latent.dispose();
    return losses;
  };
  return { parts, step };
}

const statesOf = async (models: Parameters<typeof torchStateOf>[0][]) =>
  Promise.all(
    models.map(async (model) => Object.values(await torchStateOf(model)).map(({ data }) => [...data])),
  );

test("a step of one network changes nothing of the other, neither weights nor running statistics", async () => {
  const { parts } = dcgan(0);
  const { generator, discriminator, ofGenerator, ofDiscriminator } = parts;
  const latent = fill([4, 3], 0.5);
  const real = zeros([4, 8, 8, 1]) as Tensor4D;
  const [g0, d0] = await statesOf([generator, discriminator]);
  await discriminatorStep(parts, ofDiscriminator, real, latent);
  const [g1, d1] = await statesOf([generator, discriminator]);
  expect(g1).toEqual(g0);
  expect(d1).not.toEqual(d0);
  await generatorStep(parts, ofGenerator, latent);
  const [g2, d2] = await statesOf([generator, discriminator]);
  expect(d2).toEqual(d1);
  expect(g2).not.toEqual(g1);
});

test("training resumes from a checkpoint to the last bit: both networks and optimizers, the average, the generator of noise", async () => {
  const { parts, step } = dcgan(0);
  for (let i = 0; i < 3; i++) await step();
  const bytes = await saveCheckpoint(parts);
  const expected = [await step(), await step()];
  const other = dcgan(7);
  loadCheckpoint(bytes, other.parts);
  expect([await other.step(), await other.step()]).toEqual(expected);
  const models = ({ generator, discriminator, average }: typeof parts) => [generator, discriminator, average];
  expect(await statesOf(models(other.parts))).toEqual(await statesOf(models(parts)));
});

test(`memory stays flat over ${steps} steps of each kind of loop`, { timeout: 3_000_000 }, async () => {
  const rng = new Rng(0);
  const gan = dcgan(0);
  const generator = new MlpGenerator([2, 8, 2], { rng });
  const critic = new MlpDiscriminator([2, 8, 1], { rng });
  const ofCritic = new Optimizer(adam(), trainable(critic));
  const flow = realNvp(2, { rng, couplings: 2, hiddenSizes: [8] });
  const ofFlow = new Optimizer(adam(), trainable(flow));
  const vq = new VqVae({
    rng,
    inChannels: 1,
    hiddenChannels: 4,
    residualChannels: 2,
    numCodes: 4,
    codeFeatures: 2,
    reviveBelow: 0.5,
  });
  const ofVq = new Optimizer(adam(), trainable(vq));
  const images = tensor4d(rng.rand([2, 8, 8, 1]).data, [2, 8, 8, 1]);
  const points = noise(rng, 8, 2);
  const once = async () => {
    await gan.step();
    await discriminatorStep(
      { generator, discriminator: critic },
      ofCritic,
      points as Tensor,
      points as Tensor,
      {
        loss: wassersteinGan,
        penalty: (judge, real, fake) => gradientPenalty(judge, real, fake, { rng }),
      },
    );
    clipWeights(critic, 1);
    await trainStep(flow, ofFlow, () => neg(mean(flow.logProb(points))));
    await trainStep(vq, ofVq, () => {
      const { reconstruction, loss } = vq.forward(images);
      return add(mean(square(sub(reconstruction, images))), loss);
    });
  };
  for (let i = 0; i < 2; i++) await once();
  const before = memory();
  for (let i = 0; i < steps; i++) await once();
  expect(memory().numTensors).toBe(before.numTensors);
  expect(memory().numBytes).toBe(before.numBytes);
});

test("a step whose loss throws changes nothing and leaks nothing", async () => {
  const { parts } = dcgan(0);
  const latent = fill([4, 3], 0.5);
  const failing = () =>
    generatorStep(parts, parts.ofGenerator, latent, {
      loss: {
        generator: () => {
          throw new Error("stop");
        },
        discriminator: wassersteinGan.discriminator,
      },
    });
  const [g0] = await statesOf([parts.generator]);
  expect(failing).toThrow("stop");
  expect(failing).toLeakNothing();
  expect((await statesOf([parts.generator]))[0]).toEqual(g0);
});

test("codes that nothing is near to start anew from vectors of the batch", () => {
  const rng = new Rng(0);
  const book = new EmaVectorQuantizer(8, 2, { rng, decay: 0.5, reviveBelow: 0.2 });
  const z = add(100, tensor2d(rng.randn([64, 2]).data, [64, 2])); // far from all codes: one is nearest to all
  const used = () => new Set(book.forward(z).indices.dataSync()).size;
  expect(used()).toBe(1);
  for (let i = 0; i < 6; i++) training(book, () => book.forward(z));
  expect(used()).toBeGreaterThanOrEqual(6);
  const dead = new EmaVectorQuantizer(8, 2, { rng, decay: 0.5 });
  for (let i = 0; i < 6; i++) training(dead, () => dead.forward(z));
  expect(new Set(dead.forward(z).indices.dataSync()).size).toBe(1);
});

test("a class is given to both networks of a conditional one", async () => {
  const rng = new Rng(0);
  const generator = new GivenClass(new MlpGenerator([2 + 3, 4, 2], { rng }), 3);
  const judge = new GivenClass(new MlpDiscriminator([2 + 3, 4, 1], { rng }), 3);
  const label = tensor1d([0, 1, 2], "int32");
  const latent = { x: fill([3, 2], 0.1), label };
  const made = generator.forward(latent);
  expect(made).toHaveShape([3, 2]);
  expect(slice(made, [0, 0], [1, 2])).not.toBeAllclose(slice(made, [1, 0], [1, 2]));
  const networks = { generator, discriminator: judge.given(label) };
  const optimizer = new Optimizer(adam(), trainable(judge));
  const [d0] = await statesOf([judge]);
  await discriminatorStep(networks, optimizer, fill([3, 2], 1) as Tensor, latent);
  expect((await statesOf([judge]))[0]).not.toEqual(d0);
  const wrong = { x: fill([3, 2], 0.1), label: tensor1d([0, 1, 3], "int32") };
  expect(() => generator.forward(wrong)).toThrow("oneHot: a label is 3, expected 0 to 2.");
});

test("a pool returns what came until it is full, then earlier images half of the time", () => {
  const pool = new ImagePool(3, { rng: new Rng(0) });
  const image = (value: number) => fill([1, 2, 2, 1], value) as Tensor4D;
  for (const value of [1, 2, 3]) expect(pool.exchange(image(value))).toBeAllclose(mul(image(1), value));
  const returned = Array.from({ length: 40 }, (_, i) => pool.exchange(image(i + 4)).dataSync()[0] as number);
  const earlier = returned.filter((value, i) => value !== i + 4).length;
  expect(earlier).toBeGreaterThan(10);
  expect(earlier).toBeLessThan(30);
  const before = memory().numTensors;
  pool.dispose();
  expect(memory().numTensors).toBe(before - 3);
});

test("CycleGAN trains both translators, then both discriminators on the translations", async () => {
  const rng = new Rng(0);
  const size = { rng, imageChannels: 1, channels: 2 };
  const translator = () => new ResnetGenerator({ ...size, blocks: 1 });
  const judge = () => new PatchDiscriminator({ ...size, layers: 1 });
  const cycle = new CycleGan({ toB: translator(), toA: translator(), judgeA: judge(), judgeB: judge() });
  const ofTranslators = Object.fromEntries(
    Object.entries(trainable(cycle)).filter(([path]) => path.startsWith("to")),
  );
  const translators = new Optimizer(adam(), ofTranslators);
  const judges = new Optimizer(adam(), trainable(cycle.judgeB));
  const pool = new ImagePool(4, { rng });
  const [a, b] = [fill([1, 8, 8, 1], 0.5) as Tensor4D, fill([1, 8, 8, 1], -0.5) as Tensor4D];
  const once = async () => {
    const { loss, fakeA, fakeB } = trainStep(cycle, translators, () => cycle.loss(a, b));
    const seen = pool.exchange(fakeB);
    const pair = {
      generator: new Identity() as Module & Layer<Tensor4D, Tensor4D>,
      discriminator: cycle.judgeB,
    };
    const judged = await discriminatorStep(pair, judges, b, seen, { loss: leastSquaresGan });
    for (const tensor of [fakeA, fakeB, seen]) tensor.dispose();
    return [await loss, judged];
  };
  const [first] = await once();
  const judgesBefore = await statesOf([cycle.judgeA]);
  const before = memory().numTensors;
  let last = 0;
  for (let i = 0; i < 8; i++) [last = 0] = await once();
  expect(last).toBeLessThan(first!);
  expect(await statesOf([cycle.judgeA])).toEqual(judgesBefore);
  expect(memory().numTensors).toBe(before + 3); // the pool has become full
});
