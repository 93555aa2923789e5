import { Rng } from "@pellucid/core-train";
import { ddim, drawSamples, nearestExamples } from "@pellucid/generative";
import { pictures as sheet } from "@pellucid/interpret/draw";
import { digitDiffusion, digitRows } from "../nets/digit-diffusion.ts";
import type { Run } from "./run.ts";

export interface Options {
  readonly samples: number;
  readonly steps: number;
  readonly seed: number;
}

export const options: Options = { samples: 100, steps: 50, seed: 0 };

const shown = 8;

export async function program({ samples, steps, seed }: Options, { signal, onProgress }: Run = {}) {
  const diffusion = await digitDiffusion();
  try {
    const run = { shape: [samples, 64], rng: new Rng(seed), ...(signal && { signal }) };
    const sampler = diffusion.sampler({ solver: ddim(), steps, clip: 1 });
    const made = await drawSamples(sampler, run, ({ step }) => onProgress?.(step, steps));
    const values = await made.data();
    made.dispose();
    const rows = Array.from({ length: samples }, (_, i) => Array.from(values.subarray(64 * i, 64 * (i + 1))));
    const known = await digitRows("train");
    const unseen = (await digitRows("test")).slice(0, samples);
    const ratios = async (of: readonly number[][]) =>
      (await nearestExamples(of, known)).map(({ ratio }) => ratio).toSorted((a, b) => a - b);
    const nearest = await nearestExamples(rows, known);
    const closest = Array.from(nearest.keys()).toSorted((i, j) => ratioOf(i) - ratioOf(j)); // the most like copies first
    function ratioOf(i: number): number {
      return nearest[i]?.ratio ?? Infinity;
    }
    const pairs = closest.slice(0, shown).flatMap((i) => [rows[i], known[nearest[i]?.indices[0] ?? 0]]);
    const data = Float32Array.from(pairs.flat() as number[], (ink) =>
      Math.min(Math.max((ink + 1) / 2, 0), 1),
    );
    const labels = pairs.map((_, i) =>
      i % 2 === 0 ? "drawn" : `× ${ratioOf(closest[i >> 1] ?? 0).toFixed(2)}`,
    );
    const title = "The samples most like a training digit, each next to that digit";
    const middle = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? NaN;
    return {
      pictures: [sheet({ data, shape: [pairs.length, 8, 8, 1] }, { title, labels, each: 56, columns: 8 })],
      median: middle(await ratios(rows)),
      unseenMedian: middle(await ratios(unseen)),
      lowest: ratioOf(closest[0] ?? 0),
    };
  } finally {
    diffusion.dispose();
  }
}
