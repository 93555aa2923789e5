import { Rng } from "@pellucid/core-train";
import { cosineSchedule, GaussianDiffusion, Unet } from "@pellucid/generative";
import { tensor4d, type Tensor4D, transpose } from "@tensorflow/tfjs-core";

// The work that both sides do, from one seed: PyTorch's generator gives the same weights and numbers.

/** The pictures. */
export const work = { batch: 16, size: 16, channels: 3, steps: 10, learningRate: 1e-3 } as const;

/** A diffusion model with the weights of seed 0. */
export function smallDiffusion(): { readonly net: Unet; readonly diffusion: GaussianDiffusion } {
  const options = { dimMults: [1, 2], channels: work.channels, attnHeads: 2, attnDimHead: 16 };
  const net = new Unet(16, { rng: new Rng(0), ...options });
  const schedule = cosineSchedule(200);
  const how = { schedule, objective: "pred_noise", minSnrGamma: "uniform" } as const;
  return { net, diffusion: new GaussianDiffusion(net, how) };
}

/** Standard normal numbers, in PyTorch's layout. */
export function noise(seed: number): Tensor4D {
  const { batch, channels, size } = work;
  const shape = [batch, channels, size, size] as [number, number, number, number];
  return transpose(tensor4d(new Rng(seed).randn(shape).data, shape), [0, 2, 3, 1]);
}
