// Two moons: a flow learns their density, so it can draw from them and say how probable any point is.
import { useBackend } from "@pellucid/backends";
import { adam, Optimizer, Rng, trainable, trainStep, yieldToEventLoop } from "@pellucid/core-train";
import { moons } from "@pellucid/datasets";
import { realNvp } from "@pellucid/generative";
import { mean, neg, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** Trains, and returns the cost of unseen points in nats, and what the density integrates to. */
export async function main({ steps = 3000, seed = 0, batch = 256 } = {}) {
  const rng = new Rng(seed);
  const { train, test } = moons({ rng: new Rng(1), noise: 0.05, train: 8000, test: 2000 });
  const [seen, unseen] = [standardized(train.features.data), standardized(test.features.data)];
  const flow = realNvp(2, { rng, couplings: 6 });
  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(flow));
  const cost = (points: Float32Array) =>
    tidy(() => neg(mean(flow.logProb(tensor2d(points, [points.length / 2, 2])))));
  for (let step = 0; step < steps; step++) {
    const rows = rng.randint(0, 8000, [batch]).data;
    const points = Float32Array.from(
      { length: 2 * batch },
      (_, i) => seen[2 * (rows[i >> 1] as number) + (i % 2)] as number,
    );
    void trainStep(flow, optimizer, () => cost(points));
    if (step % 50 === 0) await yieldToEventLoop();
  }
  const nll = tidy(() => cost(unseen).dataSync()[0] as number);
  return { nll, integral: integral((points) => tidy(() => flow.logProb(points).dataSync())), flow };
}

/** Mean 0 and deviation 1 of each axis, by the moons' own mean and spread. */
function standardized(points: Float32Array): Float32Array {
  return points.map((value, i) => (i % 2 === 0 ? (value - 0.5) / 0.87 : (value - 0.25) / 0.5));
}

/** The sum of the density over a fine grid, times the area of a cell. */
function integral(logProb: (points: ReturnType<typeof tensor2d>) => ArrayLike<number>): number {
  const [half, cells] = [5, 400];
  const step = (2 * half) / cells;
  let total = 0;
  for (let row = 0; row < cells; row++) {
    const y = -half + (row + 0.5) * step;
    const points = Float32Array.from({ length: 2 * cells }, (_, i) =>
      i % 2 === 1 ? y : -half + ((i >> 1) + 0.5) * step,
    );
    const grid = tensor2d(points, [cells, 2]);
    for (const log of Array.from(logProb(grid))) total += Math.exp(log) * step ** 2;
    grid.dispose();
  }
  return total;
}

if (import.meta.main) {
  await useBackend();
  const { nll, integral: whole } = await main();
  console.log(`an unseen point costs ${nll.toFixed(3)} nats; the density integrates to ${whole.toFixed(3)}`);
}
