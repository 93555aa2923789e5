import { Rng } from "@pellucid/core-train";
import { ddim, ddpm } from "@pellucid/generative";
import { pictures as sheet } from "@pellucid/interpret/draw";
import { digitDiffusion } from "../nets/digit-diffusion.ts";
import type { Run } from "./run.ts";

export interface Options {
  /** With noise at each step, or without. */
  readonly solver: "DDPM" | "DDIM";
  readonly steps: number;
  readonly digits: number;
  readonly seed: number;
}

export const options: Options = { solver: "DDPM", steps: 200, digits: 4, seed: 0 };

const shown = 9;

export async function program({ solver, steps, digits, seed }: Options, { signal, onProgress }: Run = {}) {
  const diffusion = await digitDiffusion();
  const noisy: Float32Array[] = [];
  const estimates: Float32Array[] = [];
  const levels: number[] = [];
  try {
    const how = { solver: solver === "DDPM" ? ddpm() : ddim(), steps, clip: 1 };
    const sampler = diffusion.sampler(how);
    const run = { shape: [digits, 64], rng: new Rng(seed), ...(signal && { signal }) };
    for await (const { step, x, x0, time } of sampler.sample(run)) {
      onProgress?.(step, steps);
      const isShown =
        Math.floor((step * (shown - 1)) / steps) > Math.floor(((step - 1) * (shown - 1)) / steps);
      if (x0 === null || !isShown) continue;
      noisy.push((await x.data()) as Float32Array);
      estimates.push((await x0.data()) as Float32Array);
      levels.push(time < 0 ? 0 : diffusion.schedule.level(time).sigma);
    }
    const strip = (frames: readonly Float32Array[], title: string) => {
      const data = new Float32Array(digits * frames.length * 64);
      for (let digit = 0; digit < digits; digit++)
        for (const [k, frame] of frames.entries())
          data.set(
            frame
              .subarray(64 * digit, 64 * (digit + 1))
              .map((ink) => Math.min(Math.max((ink + 1) / 2, 0), 1)),
            64 * (digit * frames.length + k),
          );
      const labels = Array.from({ length: digits * frames.length }, (_, i) =>
        i < frames.length ? `σ ${(levels[i] as number).toFixed(2)}` : "",
      );
      const shape = [digits * frames.length, 8, 8, 1];
      return sheet({ data, shape }, { title, labels, each: 44, columns: frames.length });
    };
    return {
      pictures: [
        strip(noisy, "The digits after each step"),
        strip(estimates, "What the network takes them for"),
      ],
      noisy,
      estimates,
      levels,
    };
  } finally {
    diffusion.dispose();
  }
}
