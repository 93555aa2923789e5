// Plays a small game inside a network that was trained by train.ts, and measures how well it dreams.
import { useBackend } from "@pellucid/backends";
import { compile, disposeLeaves, loadWeights, Rng } from "@pellucid/core-train";
import type { UnetInput } from "@pellucid/generative";
import { readFile } from "node:fs/promises";
import { frame, play, policy, size, startGame } from "./catch-game.ts";
import { doing, drawing, longGame, makeWorld, psnr, startOf } from "./dream.ts";

/** The trained world. */
export async function trainedWorld() {
  const world = makeWorld();
  loadWeights(world.diffusion.model, await readFile(`${import.meta.dirname}/dream-world.safetensors`));
  return world;
}

/** Draws the next frame of real play, again and again, and compares it with the true one and with a copy of the last. */
export async function main({ frames: count = 100, world = trainedWorld() } = {}) {
  const dream = await world;
  const { history } = dream;
  const forward = compile((input: UnetInput) => dream.diffusion.model.forward(input as never));
  await forward.ready;
  const rng = new Rng(7);
  const { frames, done } = longGame(count + history, new Rng(5));
  const [dreamed, copied]: [number[], number[]] = [[], []];
  let seconds = 0;
  for (let t = history; t < frames.length; t++) {
    const real = startOf(frames.slice(t - history, t));
    const [state, action] = [dream.initialState(real), doing(done[t - 1] as number)];
    const began = performance.now();
    const { output, state: next } = await dream.step(action, state, { ...drawing, forward, rng });
    const pixels = await output.data();
    if (t > history) seconds += (performance.now() - began) / 1000; // the first one compiles
    dreamed.push(psnr(pixels, frames[t] as Float32Array));
    copied.push(psnr(frames[t - 1] as Float32Array, frames[t] as Float32Array));
    disposeLeaves([real, state, action, output, next]);
  }
  forward.dispose();
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    dreamed: mean(dreamed),
    copied: mean(copied),
    framesPerSecond: (count - 1) / seconds,
    world: dream,
  };
}

/** Plays on within the dream: a player follows the real game, which shows when the dream leaves it. */
export async function playInDream({ frames: count = 60, world = trainedWorld() } = {}) {
  const dream = await world;
  const rng = new Rng(8);
  let game = startGame(new Rng(11));
  const start: Float32Array[] = [];
  for (let t = 0; t < dream.history; t++) {
    start.push(frame(game));
    if (t < dream.history - 1) game = play(game, policy(game, rng));
  }
  const real = startOf(start);
  let state = dream.initialState(real);
  real.dispose();
  const shown: { readonly dream: Float32Array; readonly game: Float32Array }[] = [];
  for (let t = 0; t < count; t++) {
    const what = policy(game, rng);
    game = play(game, what);
    const action = doing(what);
    const { output, state: next } = await dream.step(action, state, { ...drawing, rng });
    shown.push({ dream: (await output.data()) as Float32Array, game: frame(game) });
    disposeLeaves([action, output, state]);
    state = next;
  }
  disposeLeaves(state);
  return shown;
}

/** A frame as text, two characters a pixel. */
export function draw(pixels: Float32Array): string {
  const shade = (value: number): string =>
    value > 0.75 ? "██" : value > 0 ? "▓▓" : value > -0.6 ? "░░" : "  ";
  const row = (y: number): string => Array.from(pixels.slice(y * size, (y + 1) * size), shade).join("");
  return Array.from({ length: size }, (_, y) => `│${row(y)}│`).join("\n");
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  const { dreamed, copied, framesPerSecond, world } = await main();
  console.log(
    `On ${chosen}: the next frame at ${dreamed.toFixed(1)} dB, a copy of the last one at ${copied.toFixed(1)} dB.`,
  );
  console.log(`${framesPerSecond.toFixed(1)} frames a second, of eight passes each.`);
  const shown = await playInDream({ world: Promise.resolve(world) });
  for (const t of [0, 19, 59])
    console.log(`frame ${t + 1} of the dream\n${draw(shown[t]?.dream ?? new Float32Array(256))}`);
}
