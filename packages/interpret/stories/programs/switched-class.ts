import { Rng, softmax } from "@pellucid/core-train";
import { ddim, drawSamples, guideWithout, solverSampler } from "@pellucid/generative";
import { curves, pictures as sheet } from "@pellucid/interpret/draw";
import { div, fill, add, type Tensor4D, tidy, type Tensor1D } from "@tensorflow/tfjs-core";
import { digitUnet } from "../nets/digit-unet.ts";
import { subject } from "../nets/subjects.ts";
import type { Run } from "./run.ts";

export interface Options {
  /** The class until the switch, and after it. */
  readonly from: number;
  readonly to: number;
  /** How much the class is exaggerated: 1 is not at all. */
  readonly guidance: number;
  readonly steps: number;
  /** How many digits are drawn for each time of the switch. */
  readonly digits: number;
  readonly seed: number;
}

export const options: Options = { from: 4, to: 9, guidance: 2, steps: 20, digits: 8, seed: 0 };

export async function program(
  { from, to, guidance: scale, steps, digits, seed }: Options,
  { signal, onProgress }: Run = {},
) {
  const { diffusion, net } = await digitUnet();
  const { model } = await subject("digits");
  const classes = [from, to, -1].map((digit) => fill([digits], digit, "int32") as Tensor1D);
  try {
    const levels = diffusion.levels(steps);
    const [first, second, none] = classes;
    const guidance = guideWithout(diffusion.prediction({ ...(none && { classes: none }) }), { scale });
    const [early, late] = [first, second].map((ids) =>
      diffusion.denoiser({ condition: { ...(ids && { classes: ids }) }, clip: 1, guidance }, levels),
    );
    if (early === undefined || late === undefined) throw new RangeError("There are two classes.");
    const shown: Float32Array[] = [];
    const after: number[] = [];
    const before: number[] = [];
    const every = Math.max(1, Math.floor(steps / 5));
    for (let at = 0; at <= steps; at += every) {
      onProgress?.(at, steps);
      const denoise = (...[x, level]: Parameters<typeof early>) =>
        (levels.indexOf(level) < at ? early : late)(x, level);
      const sampler = solverSampler(denoise, { levels, solver: ddim() });
      const shape = [digits, 8, 8, 1];
      const drawn = await drawSamples(sampler, { shape, rng: new Rng(seed), ...(signal && { signal }) });
      const [images, answers] = tidy(() => {
        const ink = div(add(drawn as Tensor4D, 1), 2) as Tensor4D;
        return [ink, softmax(model.forward(ink))] as const; // [digit, class]
      });
      const pixels = await images.data();
      const rows = await answers.array();
      shown.push(Float32Array.from(pixels.subarray(0, 4 * 64), (v) => Math.min(Math.max(v, 0), 1)));
      const mean = (digit: number) => rows.reduce((sum, row) => sum + (row[digit] ?? 0), 0) / digits;
      before.push(mean(from));
      after.push(mean(to));
      for (const tensor of [drawn, images, answers]) tensor.dispose();
    }
    const sigmas = shown.map((_, i) => levels[every * i]?.sigma ?? 0); // the noise at the switch
    const columns = shown.length;
    const data = new Float32Array(4 * columns * 64);
    for (const [k, four] of shown.entries())
      for (let digit = 0; digit < 4; digit++)
        data.set(four.subarray(64 * digit, 64 * (digit + 1)), 64 * (digit * columns + k));
    const labels = Array.from({ length: 4 * columns }, (_, i) =>
      i < columns ? `σ ${(sigmas[i] ?? 0).toFixed(2)}` : "",
    );
    return {
      pictures: [
        sheet(
          { data, shape: [4 * columns, 8, 8, 1] },
          { title: `Asked for ${from}, from the noise level below on for ${to}`, labels, each: 44, columns },
        ),
        curves(
          { [`taken for ${from}`]: before, [`taken for ${to}`]: after },
          {
            title: "What a classifier takes them for",
            xLabel: "noise level at the switch",
            yLabel: "probability",
            x: sigmas,
          },
        ),
      ],
      sigmas,
      before,
      after,
    };
  } finally {
    for (const tensor of classes) tensor.dispose();
    net.dispose();
  }
}
