// Eight Gaussians on a ring: a generator that maps noise to them, and how many it has found.
import { useBackend } from "@pellucid/backends";
import { adam, Optimizer, Rng, trainable, yieldToEventLoop } from "@pellucid/core-train";
import { discriminatorStep, generatorStep, MlpDiscriminator, MlpGenerator } from "@pellucid/generative";
import { dispose, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";

const STD = 0.05;
const centers = Array.from({ length: 8 }, (_, k) => {
  const angle = (k * Math.PI) / 4;
  return [2 * Math.cos(angle), 2 * Math.sin(angle)] as const;
});

/** Trains, and returns how many modes have samples, and the share of samples within four deviations of one. */
export async function main({ steps = 5000, seed = 0, batch = 256 } = {}) {
  const rng = new Rng(seed);
  const generator = new MlpGenerator([8, 128, 128, 2], { rng });
  const discriminator = new MlpDiscriminator([2, 128, 128, 1], { rng });
  const networks = { generator, discriminator };
  const slow = { learningRate: 5e-4, betas: [0.5, 0.999] as const };
  const ofGenerator = new Optimizer(adam(slow), trainable(generator));
  const ofDiscriminator = new Optimizer(adam(slow), trainable(discriminator));
  const noise = (count: number) => tensor2d(rng.randn([count, 8]).data, [count, 8]);
  for (let step = 0; step < steps; step++) {
    const [real, first, second] = [ring(batch, rng), noise(batch), noise(batch)];
    void discriminatorStep(networks, ofDiscriminator, real, first);
    void generatorStep(networks, ofGenerator, second);
    dispose([real, first, second]);
    if (step % 50 === 0) await yieldToEventLoop();
  }
  return coverage(generator.forward(noise(2500)).arraySync() as number[][]);
}

/** Draws from the eight Gaussians. */
function ring(count: number, rng: Rng): Tensor2D {
  const { data } = rng.randn([count, 2]);
  const modes = rng.randint(0, 8, [count]).data;
  const points = Float32Array.from(
    data,
    (e, i) => (centers[modes[i >> 1] as number]?.[i % 2] ?? 0) + STD * e,
  );
  return tensor2d(points, [count, 2]);
}

function coverage(samples: readonly (readonly number[])[]) {
  const found = new Map<number, number>();
  for (const [x = 0, y = 0] of samples) {
    const near = centers.findIndex(([a, b]) => Math.hypot(x - a, y - b) < 4 * STD);
    if (near >= 0) found.set(near, (found.get(near) ?? 0) + 1);
  }
  const good = [...found.values()].reduce((sum, n) => sum + n, 0);
  const modes = [...found.values()].filter((n) => n >= samples.length / 80).length; // a tenth of its share at least
  return { modes, quality: good / samples.length };
}

if (import.meta.main) {
  await useBackend();
  const { modes, quality } = await main();
  console.log(`${modes} of 8 modes, ${(100 * quality).toFixed(0)} % of the samples within four deviations`);
}
