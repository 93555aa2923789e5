import { adam, Linear, Module, Optimizer, Rng, silu, trainable, trainStep } from "@pellucid/core-train";
import { geometricSigmas, type NoisyInput, ScoreModel, timeEmbedding } from "@pellucid/generative";
import { arrows } from "@pellucid/interpret/draw";
import { concat, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Run } from "./run.ts";

export interface Options {
  /** The standard deviation of the noise: of five, the first is the highest. */
  readonly level: number;
  readonly steps: number;
  readonly seed: number;
}

export const options: Options = { level: 2, steps: 800, seed: 0 };

/** The score of points in the plane, for each noise level. */
class PlaneNet extends Module {
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly fc3: Linear;

  constructor({ rng }: { readonly rng: Rng }) {
    super();
    this.fc1 = new Linear(2 + 8, 96, { rng });
    this.fc2 = new Linear(96, 96, { rng });
    this.fc3 = new Linear(96, 2, { rng });
  }

  forward({ x, time }: NoisyInput): Tensor2D {
    return tidy(() => {
      const h = silu(this.fc1.forward(concat([x as Tensor2D, timeEmbedding(time, 8)], 1)));
      return this.fc3.forward(silu(this.fc2.forward(h)));
    });
  }
}

export async function program({ level, steps, seed }: Options, { signal, onProgress }: Run = {}) {
  const rng = new Rng(seed);
  const points = moonPoints(rng);
  const model = new ScoreModel(new PlaneNet({ rng }), geometricSigmas(5, 1.5, 0.1));
  const optimizer = new Optimizer(adam({ learningRate: 4e-3 }), trainable(model));
  try {
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      const batch = tensor2d(
        Array.from(rng.randint(0, points.length, [128]).data, (i) => points[i] as number[]),
      );
      await trainStep(model, optimizer, () => model.loss(batch, { rng }));
      batch.dispose();
      onProgress?.(step + 1, steps);
    }
    const side = 13;
    const grid = Array.from({ length: side * side }, (_, i) => [
      -2 + (4 * (i % side)) / (side - 1),
      -1.6 + (3.2 * Math.floor(i / side)) / (side - 1),
    ]);
    const at = tensor2d(grid);
    const score = model.score(at, level);
    const field = Array.from(await score.data());
    at.dispose();
    score.dispose();
    const sigma = model.sigmas[level] as number;
    const vectors = grid.map((_, i) => [field[2 * i] as number, field[2 * i + 1] as number]);
    const exact = grid.map(([x = 0, y = 0]) => exactScore(points, [x, y], sigma));
    const title = `The learned score at σ = ${sigma.toFixed(2)}`;
    const shape = [grid.length, 2];
    const drawn = arrows(
      { data: grid.flat(), shape },
      { data: vectors.flat(), shape },
      { title, points: { data: points.slice(0, 300).flat(), shape: [300, 2] } },
    );
    const truth = arrows(
      { data: grid.flat(), shape },
      { data: exact.flat(), shape },
      {
        title: `That of the training points with noise`,
        points: { data: points.slice(0, 300).flat(), shape: [300, 2] },
      },
    );
    return { pictures: [drawn, truth], vectors, exact, sigma };
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}

/** The score of the points with noise, whose density is a mixture of normal ones: toward their weighted mean. */
function exactScore(
  points: readonly number[][],
  at: readonly [number, number],
  sigma: number,
): [number, number] {
  const logs = points.map(([x = 0, y = 0]) => -((at[0] - x) ** 2 + (at[1] - y) ** 2) / (2 * sigma ** 2));
  const largest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - largest));
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = (axis: number) =>
    points.reduce((sum, point, i) => sum + ((weights[i] ?? 0) / total) * (point[axis] ?? 0), 0);
  return [(mean(0) - at[0]) / sigma ** 2, (mean(1) - at[1]) / sigma ** 2];
}

/** Two moons around the origin. */
function moonPoints(rng: Rng): number[][] {
  const { data } = rng.rand([600]);
  const noise = rng.randn([600, 2]).data;
  return Array.from(data, (u, i) => {
    const angle = Math.PI * u;
    const [x, y] =
      i % 2 === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [x - 0.5 + 0.05 * (noise[2 * i] ?? 0), y - 0.25 + 0.05 * (noise[2 * i + 1] ?? 0)];
  });
}
