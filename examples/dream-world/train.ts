// Records play of a small game, trains a network to draw the next frame, and writes dream-world.safetensors next to this file.
import { useBackend } from "@pellucid/backends";
import { adam, AveragedModel, ema, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import type { Unet } from "@pellucid/generative";
import { makeWorld, record } from "./dream.ts";

/** Trains on play that is recorded on the way. */
export async function trainWorld({
  steps = 600,
  batch = 16,
  onStep = (_step: number, _loss: number): void => {},
} = {}) {
  const world = makeWorld();
  const rng = new Rng(1);
  const net = world.diffusion.model as Unet;
  const averaged = new AveragedModel(net, { average: ema(0.995) });
  const learningRate = (step: number) => 2e-3 * Math.min(1, step / 100) * (1 - step / (steps + 1));
  const optimizer = new Optimizer(adam({ learningRate }), trainable(world));
  for (let step = 1; step <= steps; step++) {
    const play = record(batch, rng);
    const loss = trainStep(world, optimizer, () => world.loss(play, { rng }));
    averaged.update();
    play.frames.dispose();
    play.actions.dispose();
    if (step % 50 === 0) onStep(step, await loss);
  }
  averaged.apply();
  optimizer.dispose();
  return world;
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  const began = performance.now();
  const world = await trainWorld({
    onStep: (step, loss) => {
      const seconds = (performance.now() - began) / 1000;
      process.stdout.write(`\r${chosen}: step ${step}, loss ${loss.toFixed(4)}, ${seconds.toFixed(0)} s  `);
    },
  });
  await writeWeights(`${import.meta.dirname}/dream-world.safetensors`, world.diffusion.model);
}
