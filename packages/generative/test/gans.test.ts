// Adversarial networks in training: PyTorch's initial weights, losses, gradients (of gradients too) and ten steps, in 64 bits.
import { useBackend } from "@pellucid/backends";
import {
  Conv2d,
  detach,
  flatten,
  type Layer,
  leakyRelu,
  Linear,
  Module,
  type Rng,
  tanh,
} from "@pellucid/core-train";
import {
  CycleGan,
  DcganDiscriminator,
  DcganGenerator,
  gradientPenalty,
  hingeGan,
  MlpDiscriminator,
  MlpGenerator,
  nonSaturatingGan,
  PatchDiscriminator,
  r1Penalty,
  ResnetGenerator,
  SpectralNormConv2d,
  SpectralNormConvTranspose2d,
  StyleDiscriminator,
  StyleGenerator,
  wassersteinGan,
} from "@pellucid/generative";
import { fixture } from "@pellucid/testing";
import {
  add,
  fill,
  mean,
  square,
  type Tensor,
  type Tensor4D,
  tidy,
  type Variable,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { checkTwin, type Twin, twin, type TwinCase } from "./check-twin.ts";

const { cases } = fixture<{ cases: TwinCase[] }>(import.meta.url, "../fixtures/torch/gans.json");

class Pair<X extends Tensor> extends Module {
  readonly generator: Module & Layer<never, X>;
  readonly discriminator: Module & Layer<X, Tensor>;
  constructor(generator: Module & Layer<never, X>, discriminator: Module & Layer<X, Tensor>) {
    super();
    this.generator = generator;
    this.discriminator = discriminator;
  }
}

const small = { imageSize: 16, imageChannels: 1, channels: 2 };
const dcgan = (rng: Rng) =>
  new Pair<Tensor4D>(
    new DcganGenerator({ rng, ...small, latentFeatures: 3 }),
    new DcganDiscriminator({ rng, ...small }),
  );
const style = (rng: Rng) =>
  new Pair<Tensor4D>(
    new StyleGenerator({ rng, latentFeatures: 3, channels: [4, 3], imageChannels: 1, mappingLayers: 2 }),
    new StyleDiscriminator({ rng, channels: [3, 4], imageChannels: 1 }),
  );
const deceiving = (m: Pair<Tensor4D>, [z]: Tensor[]) =>
  tidy(() => nonSaturatingGan.generator(m.discriminator.forward(m.generator.forward(z as never))));
/** The noise counts: its scale starts from 0. */
const noisy = (m: Module) => {
  for (const [path, parameter] of m.namedParameters())
    if (path.endsWith("scaleNoise")) tidy(() => parameter.assign(fill(parameter.shape, 0.3) as Variable));
};

const wgan = (m: Module & Layer<never, Tensor>, real: Tensor, fake: Tensor, rng: Rng) =>
  tidy(() => {
    const critic = m as Module & Layer<Tensor, Tensor>;
    const judged = wassersteinGan.discriminator(critic.forward(real), critic.forward(fake));
    return add(judged, gradientPenalty(critic, real, fake, { rng }));
  });

class ConvCritic extends Module implements Layer<Tensor4D, Tensor> {
  readonly main: { readonly 0: Conv2d; readonly 2: Conv2d; readonly 5: Linear };
  constructor(rng: Rng) {
    super();
    this.main = {
      0: new Conv2d(2, 3, 3, { rng, stride: 2, padding: 1 }),
      2: new Conv2d(3, 2, 3, { rng, padding: 1 }),
      5: new Linear(8, 1, { rng }),
    };
  }
  forward(x: Tensor4D): Tensor {
    return tidy(() => {
      const y = leakyRelu(this.main[2].forward(tanh(this.main[0].forward(x))), { negativeSlope: 0.2 });
      return this.main[5].forward(flatten(y));
    });
  }
}

class SpectralConvolutions extends Module {
  readonly down: SpectralNormConv2d;
  readonly up: SpectralNormConvTranspose2d;
  constructor(rng: Rng) {
    super();
    this.down = new SpectralNormConv2d(2, 4, 3, { rng, stride: 2, padding: 1, groups: 2 });
    this.up = new SpectralNormConvTranspose2d(4, 3, 4, { rng, stride: 2, padding: 1, powerIterations: 2 });
  }
}

const twins: Readonly<Record<string, Twin>> = {
  "dcgan, discriminator": twin(dcgan, (m, [real, z]) =>
    tidy(() => {
      const judged = m.discriminator.forward(real as Tensor4D);
      const fake = detach(m.generator.forward(z as never));
      return nonSaturatingGan.discriminator(judged, m.discriminator.forward(fake));
    }),
  ),
  "dcgan, generator": twin(dcgan, deceiving),
  mlp: twin(
    (rng) => new Pair<Tensor>(new MlpGenerator([2, 4, 3], { rng }), new MlpDiscriminator([3, 4, 1], { rng })),
    deceiving as never,
  ),
  "gradient penalty": twin(
    (rng) => new MlpDiscriminator([3, 5, 4, 1], { rng }),
    (m, [real, fake], rng) => wgan(m, real!, fake!, rng),
  ),
  "gradient penalty of convolutions": twin(
    (rng) => new ConvCritic(rng),
    (m, [real, fake], rng) => wgan(m, real!, fake!, rng),
  ),
  r1: twin(
    (rng) => new ConvCritic(rng),
    (m, [x]) =>
      tidy(() => add(nonSaturatingGan.generator(m.forward(x as Tensor4D)), r1Penalty(m, x as Tensor4D))),
  ),
  "hinge with spectral norm": twin(
    (rng) => new MlpDiscriminator([3, 5, 1], { rng, spectralNorm: true }),
    (m, [real, fake]) => tidy(() => hingeGan.discriminator(m.forward(real!), m.forward(fake!))),
  ),
  "spectral norm of convolutions": twin(
    (rng) => new SpectralConvolutions(rng),
    (m, [x]) =>
      tidy(() =>
        mean(square(m.up.forward(leakyRelu(m.down.forward(x as Tensor4D), { negativeSlope: 0.2 })))),
      ),
  ),
  "cyclegan, generators": twin(
    (rng) => {
      const size = { rng, imageChannels: 1, channels: 2 };
      const translator = () => new ResnetGenerator({ ...size, blocks: 1 });
      const judge = () => new PatchDiscriminator({ ...size, layers: 2 });
      return new CycleGan({ toB: translator(), toA: translator(), judgeA: judge(), judgeB: judge() });
    },
    (m, [a, b]) => tidy(() => m.loss(a as Tensor4D, b as Tensor4D).loss),
  ),
  "stylegan, discriminator": {
    ...twin(style, (m, [real, z]) =>
      tidy(() => {
        const x = real as Tensor4D;
        const judged = m.discriminator.forward(x);
        const fake = detach(m.generator.forward(z as never));
        const loss = nonSaturatingGan.discriminator(judged, m.discriminator.forward(fake));
        return add(loss, r1Penalty(m.discriminator, x));
      }),
    ),
    prepare: noisy,
  },
  "stylegan, generator": { ...twin(style, deceiving), prepare: noisy },
};

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  test.for(cases)(
    "$title: PyTorch's initial weights, loss, gradients and ten steps",
    (c) => checkTwin(c, twins[c.title] as Twin, backend === "cpu" ? 2 : 10), // plain JavaScript is slow
  );
});

test("every twin has its case", () => {
  expect(Object.keys(twins)).toEqual(cases.map(({ title }) => title));
});
