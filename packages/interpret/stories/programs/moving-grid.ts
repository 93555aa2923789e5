import { drawSamples, type Flow, flowSampler } from "@pellucid/generative";
import { Rng } from "@pellucid/core-train";
import { moons } from "@pellucid/datasets";
import { heatmap, scatter, scrubber } from "@pellucid/interpret/draw";
import { mean, neg, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { take } from "../measures.ts";
import { generativeNet } from "../nets/generative-nets.ts";
import { standardMoons } from "../nets/standard-moons.ts";
import type { Run } from "./run.ts";

export interface Options {
  /** Points of the grid along each axis. */
  readonly points: number;
  /** Cells of the density along each axis. */
  readonly cells: number;
  readonly seed: number;
}

export const options: Options = { points: 21, cells: 80, seed: 0 };

const half = 3;

export async function program({ points, cells, seed }: Options, { signal, onProgress }: Run = {}) {
  const flow = await generativeNet("moons-flow");
  const sampler = flowSampler(flow);
  const grid = Array.from({ length: points ** 2 }, (_, i) => [
    -2.5 + (5 * (i % points)) / (points - 1),
    -2.5 + (5 * Math.floor(i / points)) / (points - 1),
  ]);
  const start = tensor2d(grid);
  const distances = grid.map(([x = 0, y = 0]) => Math.hypot(x, y));
  const range = [
    [-half, half],
    [-half, half],
  ] as const;
  try {
    const layers: HTMLElement[] = [];
    const names: string[] = [];
    const cancel = signal === undefined ? {} : { signal };
    const asked = { shape: start.shape, rng: new Rng(seed), start, ...cancel };
    for await (const { step, steps, x } of sampler.sample(asked)) {
      const name = step === 0 ? "noise" : `after ${step} of ${steps} layers`;
      const map = { data: Float32Array.from(await x.data()), shape: [grid.length, 2] };
      layers.push(
        scatter(map, {
          title: `A grid of noise, ${name}`,
          amounts: distances,
          amountLabel: "distance from the center of the noise",
          range,
        }),
      );
      names.push(name);
      onProgress?.(step, steps);
    }
    const { density, integral } = await densityOn(flow, cells);
    const samples = await take(
      await drawSamples(sampler, { shape: [400, 2], rng: new Rng(seed), ...cancel }),
    );
    const unseen = standardMoons(moons({ rng: new Rng(1), train: 4000, test: 1000 }).test);
    const cost = await take(tidy(() => neg(mean(flow.logProb(tensor2d(unseen, [1000, 2]))))));
    return {
      pictures: [
        scrubber(layers, { title: "The flow moves a grid of noise", names }),
        heatmap(density, { title: "Density", width: 320 }),
        scatter({ data: samples, shape: [400, 2] }, { title: "400 samples", range }),
      ],
      integral,
      cost: cost[0] as number,
    };
  } finally {
    start.dispose();
    flow.dispose();
  }
}

/** The density at the centers of cells, the top row first, and its sum times the area of a cell. */
async function densityOn(flow: Flow, cells: number) {
  const step = (2 * half) / cells;
  const centers = Array.from({ length: cells ** 2 }, (_, i) => [
    -half + ((i % cells) + 0.5) * step,
    half - (Math.floor(i / cells) + 0.5) * step,
  ]);
  const logs = await take(tidy(() => flow.logProb(tensor2d(centers))));
  const data = logs.map(Math.exp);
  return {
    density: { data, shape: [cells, cells] },
    integral: data.reduce((sum, p) => sum + p, 0) * step ** 2,
  };
}
