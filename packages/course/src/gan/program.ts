import {
  adam,
  compile,
  type Compiled,
  gradient,
  Optimizer,
  Rng,
  trainable,
  yieldToEventLoop,
} from "@pellucid/core-train";
import {
  discriminatorStep,
  generatorStep,
  MlpDiscriminator,
  MlpGenerator,
  modeCoverage,
} from "@pellucid/generative";
import { dispose, type Tensor, tensor2d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

export type Point = readonly [x: number, y: number];

/** The centers of the eight heaps that real points come from. */
export const heaps: readonly Point[] = Array.from({ length: 8 }, (_, k) => {
  const angle = (k * Math.PI) / 4;
  return [2 * Math.cos(angle), 2 * Math.sin(angle)];
});
const deviation = 0.1;
const [batch, latent] = [128, 8];

/** A generator, its discriminator, and the compiled steps that train them. */
export interface Gan {
  readonly generator: MlpGenerator;
  readonly discriminator: MlpDiscriminator;
  readonly rng: Rng;
  readonly judge: Compiled<[Tensor2D, Tensor2D], Promise<number>>;
  readonly forge: Compiled<[Tensor2D], Promise<number>>;
  readonly dispose: () => void;
}

/** Two untrained networks. */
export async function makeGan(seed: number): Promise<Gan> {
  const rng = new Rng(seed);
  const generator = new MlpGenerator([latent, 64, 64, 2], { rng });
  const discriminator = new MlpDiscriminator([2, 64, 64, 1], { rng });
  const networks = { generator, discriminator };
  const slow = { learningRate: 1e-3, betas: [0.5, 0.999] as const };
  const ofGenerator = new Optimizer(adam(slow), trainable(generator));
  const ofDiscriminator = new Optimizer(adam(slow), trainable(discriminator));
  const judge = compile((real: Tensor2D, noise: Tensor2D) =>
    discriminatorStep(networks, ofDiscriminator, real, noise),
  );
  const forge = compile((noise: Tensor2D) => generatorStep(networks, ofGenerator, noise));
  await Promise.all([judge.ready, forge.ready]);
  const all = [judge, forge, ofGenerator, ofDiscriminator, generator, discriminator];
  return {
    generator,
    discriminator,
    rng,
    judge,
    forge,
    dispose: () => all.forEach((each) => each.dispose()),
  };
}

/** Real points. */
export function realPoints(count: number, rng: Rng): Point[] {
  const { data } = rng.randn([count, 2]);
  return Array.from(rng.randint(0, heaps.length, [count]).data, (heap, i): Point => {
    const [x, y] = heaps[heap] ?? [NaN, NaN];
    return [x + deviation * (data[2 * i] ?? NaN), y + deviation * (data[2 * i + 1] ?? NaN)];
  });
}

const noise = (count: number, rng: Rng) => tensor2d(rng.randn([count, latent]).data, [count, latent]);
const rows = (points: readonly Point[]) => tensor2d(points.flat(), [points.length, 2]);

/** Trains for some steps: first the discriminator, unless it is frozen, then the generator. */
export async function train(gan: Gan, steps: number, { isFrozen = false } = {}): Promise<void> {
  const { rng } = gan;
  for (let step = 0; step < steps; step++) {
    const [real, first, second] = [rows(realPoints(batch, rng)), noise(batch, rng), noise(batch, rng)];
    if (!isFrozen) void gan.judge(real, first);
    void gan.forge(second);
    dispose([real, first, second]);
    if (step % 20 === 19) await yieldToEventLoop();
  }
}

const points = async (x: Tensor): Promise<Point[]> => {
  const data = await x.data();
  x.dispose();
  return Array.from({ length: data.length / 2 }, (_, i) => [data[2 * i] ?? NaN, data[2 * i + 1] ?? NaN]);
};

/** Points that the generator makes; the same noise every time. */
export const made = (gan: Gan, count: number): Promise<Point[]> =>
  points(tidy(() => gan.generator.forward(noise(count, new Rng(9)))));

/** Where each of some points would go: the gradient of the discriminator's logit, by which the generator learns. */
export const pulls = (gan: Gan, at: readonly Point[]): Promise<Point[]> =>
  points(tidy(() => gradient((x: Tensor2D) => gan.discriminator.forward(x))(rows(at))));

/** The logit of being real on a grid of `side × side` points from −3 to 3, the top row first. */
export async function surface(gan: Gan, side: number): Promise<Float32Array> {
  const along = (i: number) => (6 * (i + 0.5)) / side - 3;
  const grid = Array.from({ length: side * side }, (_, i): Point => [
    along(i % side),
    -along(Math.floor(i / side)),
  ]);
  const logits = tidy(() => gan.discriminator.forward(rows(grid)));
  const values = Float32Array.from(await logits.data());
  logits.dispose();
  return values;
}

/** What the generated points reach. */
export interface Reached {
  /** Of a thousand points, those within three deviations of each heap. */
  readonly counts: readonly number[];
  /** The heaps with two in a hundred points or more. */
  readonly covered: number;
  /** The share of points that are in a heap. */
  readonly share: number;
}

/** Counts a thousand generated points. */
export async function reached(gan: Gan): Promise<Reached> {
  const [x, centers] = [rows(await made(gan, 1000)), rows(heaps)];
  const { counts, share } = await modeCoverage(x, centers, 3 * deviation);
  dispose([x, centers]);
  return { counts, share, covered: counts.filter((count) => count >= 20).length };
}
