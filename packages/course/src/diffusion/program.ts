import { Rng } from "@pellucid/core-train";
import { ddim, ddpm, type GaussianDiffusion } from "@pellucid/generative";

/** One stored step of sampling: the noisy digit, what the network takes it for, and how much noise is left. */
export interface Frame {
  /** 64 pixels from −1 to 1 */
  readonly noisy: Float32Array;
  readonly estimate: Float32Array;
  readonly sigma: number;
}

/** How digits are drawn. */
export interface Drawing {
  /** With fresh noise at each step (Ho et al., 2020), or without (Song et al., 2021). */
  readonly solver: "DDPM" | "DDIM";
  readonly steps: number;
  readonly seed: number;
  /** How many digits are drawn at once. */
  readonly count: number;
}

/** Draws digits from noise and stores `frames` steps of each: `[digit][frame]`. */
export async function drawDigits(
  diffusion: GaussianDiffusion,
  { solver, steps, seed, count }: Drawing,
  frames: number,
): Promise<Frame[][]> {
  const sampler = diffusion.sampler({ solver: solver === "DDPM" ? ddpm() : ddim(), steps, clip: 1 });
  const found: Frame[][] = Array.from({ length: count }, () => []);
  for await (const { step, x, x0, time } of sampler.sample({ shape: [count, 64], rng: new Rng(seed) })) {
    const due = Math.floor((step * (frames - 1)) / steps) > Math.floor(((step - 1) * (frames - 1)) / steps);
    if (x0 === null || !due) continue;
    const [noisy, estimate] = [Float32Array.from(await x.data()), Float32Array.from(await x0.data())];
    const sigma = time < 0 ? 0 : diffusion.schedule.level(time).sigma;
    found.forEach((list, i) => {
      const part = (values: Float32Array) => values.slice(64 * i, 64 * (i + 1));
      list.push({ noisy: part(noisy), estimate: part(estimate), sigma });
    });
  }
  return found;
}

/** The nearest of many images, and its distance. */
export function nearest(
  image: ArrayLike<number>,
  others: readonly ArrayLike<number>[],
): { readonly index: number; readonly distance: number } {
  let [index, distance] = [-1, Infinity];
  for (const [i, other] of others.entries()) {
    let squares = 0;
    for (let p = 0; p < image.length; p++) squares += ((image[p] ?? 0) - (other[p] ?? 0)) ** 2;
    if (squares < distance) [index, distance] = [i, squares];
  }
  return { index, distance: Math.sqrt(distance) };
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
