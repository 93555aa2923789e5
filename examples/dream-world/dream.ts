import { Rng } from "@pellucid/core-train";
import { cosineSchedule, ddim, DiffusionWorld, GaussianDiffusion, Unet } from "@pellucid/generative";
import { expandDims, stack, tensor, type Tensor1D, tensor1d, tensor3d, tidy } from "@tensorflow/tfjs-core";
import { actions, frame, play, policy, size, startGame } from "./catch-game.ts";

const history = 3;

/** The network of the dream: 16 × 16 pixels, the last three frames as context, three actions. */
export function makeWorld(): DiffusionWorld {
  const net = new Unet(16, {
    rng: new Rng(0),
    dimMults: [1, 2],
    channels: 1,
    contextChannels: history,
    numClasses: actions.length,
    fullAttn: [null, null],
    attnHeads: 2,
    attnDimHead: 16,
  });
  const diffusion = new GaussianDiffusion(net, {
    schedule: cosineSchedule(100),
    objective: "pred_x0",
    minSnrGamma: "uniform",
  });
  return new DiffusionWorld(diffusion, { history, historyNoise: 0.3 });
}

/** How a frame is drawn from noise: eight passes through the network. With four, the ball is lost within a few frames. */
export const drawing = { solver: ddim(), steps: 8, clip: 1 };

/** A batch of recorded play: four frames each, and what was done before the last. */
export function record(batch: number, rng: Rng) {
  const frames = new Float32Array(batch * (history + 1) * size * size);
  const done = new Int32Array(batch);
  for (let i = 0; i < batch; i++) {
    let game = startGame(rng);
    for (let t = 0; t <= history; t++) {
      if (t > 0) {
        const action = policy(game, rng);
        game = play(game, action);
        done[i] = action; // the last one stays
      }
      frames.set(frame(game), (i * (history + 1) + t) * size * size);
    }
  }
  return {
    frames: tensor(frames, [batch, history + 1, size, size, 1]),
    actions: tensor1d(done, "int32"),
  };
}

/** A long game: its frames and its actions. */
export function longGame(length: number, rng: Rng) {
  const frames: Float32Array[] = [];
  const done: number[] = [];
  let game = startGame(rng);
  for (let t = 0; t < length; t++) {
    frames.push(frame(game));
    const action = policy(game, rng);
    done.push(action);
    game = play(game, action);
  }
  return { frames, done };
}

/** The peak signal-to-noise ratio of frames from −1 to 1, in decibels. */
export function psnr(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < wanted.length; i++) squares += ((found[i] as number) - (wanted[i] as number)) ** 2;
  return 10 * Math.log10(4 / Math.max(squares / wanted.length, 1e-12));
}

/** Frames as the start of a dream. */
export const startOf = (frames: readonly Float32Array[]) =>
  tidy(() => {
    const images = frames.map((pixels) => tensor3d(pixels, [size, size, 1]));
    return expandDims(stack(images), 0); // [1, history, size, size, 1]
  });

/** One action. */
export const doing = (action: number): Tensor1D => tensor1d([action], "int32");
