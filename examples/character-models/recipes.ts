// How each model is trained: a GPT by nanoGPT's recipe for a laptop's processor, the others without a climb.
import {
  adamw,
  chain,
  clipGradNorm,
  cosineAnnealingLr,
  linearWarmup,
  type Module,
  Optimizer,
  partition,
  trainable,
} from "@pellucid/core-train";
import type { Kind } from "./models.ts";

/** For how long a model learns, and how fast. */
export interface Recipe {
  /** Default: 1000, of a GPT 2000. */
  readonly steps: number;
  /** The greatest; it falls to a tenth along half a cosine. Default: 4e-3 for recurrent networks, 1e-3 for a GPT, else 2e-3. */
  readonly learningRate: number;
  /** How many steps it climbs before. Default: 0, of a GPT 100. */
  readonly warmup: number;
}

/** The recipe that the README's table has. */
export const recipes: Readonly<Record<Kind, Recipe>> = {
  mamba: { steps: 1000, learningRate: 2e-3, warmup: 0 },
  mamba2: { steps: 1000, learningRate: 2e-3, warmup: 0 },
  mamba3: { steps: 1000, learningRate: 2e-3, warmup: 0 },
  lstm: { steps: 1000, learningRate: 4e-3, warmup: 0 },
  gru: { steps: 1000, learningRate: 4e-3, warmup: 0 },
  gpt: { steps: 2000, learningRate: 1e-3, warmup: 100 },
};

/** Adam by a recipe, with gradients of a norm of 1 at most. Of a GPT only matrices decay. */
export function optimizerFor(kind: Kind, model: Module, { steps, learningRate: greatest, warmup }: Recipe) {
  const falling = cosineAnnealingLr(greatest, { tMax: Math.max(1, steps - warmup), etaMin: greatest / 10 });
  const learningRate = linearWarmup(falling, { steps: warmup, startFactor: 1 / (warmup + 1) });
  const betas = [0.9, 0.99] as const;
  const parameters = trainable(model);
  const decays = (path: string) => kind !== "gpt" || parameters[path]?.rank === 2;
  const descent = partition([
    { match: decays, transform: adamw({ learningRate, betas, weightDecay: 0.1 }) },
    { match: (path) => !decays(path), transform: adamw({ learningRate, betas, weightDecay: 0 }) },
  ]);
  return new Optimizer(chain(clipGradNorm(1), descent), parameters);
}
