import {
  adam,
  AveragedModel,
  compile,
  ema,
  Optimizer,
  type Rng,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import type { LabeledImages } from "@pellucid/datasets";
import { cosineSchedule, ddim, drawSamples, GaussianDiffusion, type UnetInput } from "@pellucid/generative";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { BlockUnet } from "./block-unet.ts";

interface DiffusionTraining {
  readonly rng: Rng;
  readonly steps?: number;
  readonly batch?: number;
  readonly onStep?: (step: number, loss: number) => void;
}

/** Trains a U-Net to predict noise, in 200 steps of a cosine schedule, with an average of its weights. */
export async function trainDiffusion(
  train: LabeledImages<Uint8Array>,
  { rng, steps = 800, batch = 16, onStep = () => {} }: DiffusionTraining,
): Promise<GaussianDiffusion> {
  const [, height, width, channels] = train.images.shape;
  const net = new BlockUnet(channels, { rng });
  const options = { schedule: cosineSchedule(200), objective: "pred_noise", minSnrGamma: "uniform" } as const;
  const diffusion = new GaussianDiffusion(net, options);
  const averaged = new AveragedModel(net, { average: ema(0.995) });
  const learningRate = (step: number) => 2e-3 * Math.min(1, step / 100) * (1 - step / (steps + 1));
  const optimizer = new Optimizer(adam({ learningRate }), trainable(net));
  const learn = compile((x0: Tensor4D) => trainStep(net, optimizer, () => diffusion.loss(x0, { rng })));
  await learn.ready;
  const pixels = height * width * channels;
  for (let step = 1; step <= steps; step++) {
    const values = new Float32Array(batch * pixels);
    for (const [k, i] of rng.randint(0, train.length, [batch]).data.entries())
      values.set(
        Float32Array.from(
          train.images.data.subarray(i * pixels, (i + 1) * pixels),
          (value) => value / 127.5 - 1,
        ),
        k * pixels,
      );
    const x0 = tensor4d(values, [batch, height, width, channels]);
    const loss = learn(x0);
    averaged.update();
    x0.dispose();
    if (step % 50 !== 0) continue;
    onStep(step, await loss);
    await yieldToEventLoop();
  }
  learn.dispose();
  averaged.apply();
  optimizer.dispose();
  return diffusion;
}

/** Images from noise by DDIM, 100 at a time: pixels from −1 to 1. */
export async function drawImages(
  diffusion: GaussianDiffusion,
  [height, width, channels]: readonly [number, number, number],
  { rng, count, steps = 20 }: { readonly rng: Rng; readonly count: number; readonly steps?: number },
): Promise<Float32Array> {
  const pixels = height * width * channels;
  const net = diffusion.model as BlockUnet;
  const forward = compile((input: UnetInput) => net.forward(input));
  await forward.ready;
  const all = new Float32Array(count * pixels);
  for (let from = 0; from < count; from += 100) {
    const shape = [Math.min(100, count - from), height, width, channels];
    const sampler = diffusion.sampler({ solver: ddim(), steps, clip: 1, forward });
    const images = (await drawSamples(sampler, { shape, rng })) as Tensor4D;
    all.set(
      (await images.data()).map((value) => Math.min(Math.max(value, -1), 1)),
      from * pixels,
    );
    images.dispose();
  }
  forward.dispose();
  return all;
}
