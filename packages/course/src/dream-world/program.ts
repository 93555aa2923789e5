import {
  compile,
  type Compiled,
  disposeLeaves,
  loadWeights,
  type Rng,
  withoutInit,
} from "@pellucid/core-train";
import { ddim, type DiffusionWorld, type UnetInput, type WorldState } from "@pellucid/generative";
import { tensor, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import {
  frame,
  type Game,
  play,
  policy,
  size,
  startGame,
} from "../../../../examples/dream-world/catch-game.ts";
import { makeWorld, psnr } from "../../../../examples/dream-world/dream.ts";

/** What a player can do, as the network counts it. */
export const [left, stay, right] = [0, 1, 2] as const;

/** A dream, and the game that it began from: both get the same keys. */
export interface Played {
  readonly state: WorldState;
  readonly game: Game;
}

/** A network that dreams, and what runs it: compiled, a frame takes half the time. */
export interface Dreamer {
  readonly world: DiffusionWorld;
  readonly forward: Compiled<[UnetInput], Tensor>;
}

/** The network with the weights of a file. */
export async function dreamWorld(weights: ArrayBuffer): Promise<Dreamer> {
  const world = withoutInit(makeWorld);
  const net = world.diffusion.model;
  loadWeights(net, weights);
  const forward = compile((input: UnetInput) => net.forward(input as never));
  await forward.ready;
  return { world, forward };
}

/** Frames of the real game, the last of which is `game`'s. */
interface Start {
  readonly frames: readonly Float32Array[];
  readonly game: Game;
}

/** The first frames of a game that someone plays. */
function startOf(history: number, rng: Rng): Start {
  let game = startGame(rng);
  const frames = [frame(game)];
  while (frames.length < history) {
    game = play(game, policy(game, rng));
    frames.push(frame(game));
  }
  return { frames, game };
}

function stateOf(world: DiffusionWorld, starts: readonly Start[]): WorldState {
  const pixels = new Float32Array(starts.length * world.history * size * size);
  for (const [i, one] of starts.flatMap(({ frames }) => frames).entries()) pixels.set(one, i * size * size);
  const frames = tensor(pixels, [starts.length, world.history, size, size, 1]);
  const state = world.initialState(frames);
  frames.dispose();
  return state;
}

/** A dream that begins from a real game. */
export function begin({ world }: Dreamer, rng: Rng): Played {
  const start = startOf(world.history, rng);
  return { state: stateOf(world, [start]), game: start.game };
}

interface Drawing {
  /** How often the network is run for a frame. */
  readonly passes: number;
  readonly rng: Rng;
}

/** The next frame of the dream, drawn from noise, and of the game. `heard` is the action that the network is given. The previous state is freed. */
export async function next(
  dreamer: Dreamer,
  { state, game }: Played,
  { action, heard, ...drawing }: Drawing & { readonly action: number; readonly heard: number },
): Promise<Played & { readonly pixels: Float32Array }> {
  const { pixels, later } = await dreamed(dreamer, state, [heard], drawing);
  return { pixels, state: later, game: play(game, action) };
}

async function dreamed(
  { world, forward }: Dreamer,
  state: WorldState,
  actions: readonly number[],
  { passes, rng }: Drawing,
): Promise<{ readonly pixels: Float32Array; readonly later: WorldState }> {
  const given = tensor1d([...actions], "int32");
  const { output, state: later } = await world.step(given, state, {
    solver: ddim(),
    steps: passes,
    clip: 1,
    forward,
    rng,
  });
  const pixels = Float32Array.from(await output.data());
  disposeLeaves([given, output, state]);
  return { pixels, later };
}

/** Where the paddle is: the mean column of the last row, weighted by how bright it is. */
export function paddleOf(pixels: Float32Array): number {
  const row = pixels.slice(size * (size - 1), size * size).map((value) => Math.max(0, value + 0.5));
  const total = row.reduce((sum, bright) => sum + bright, 0);
  return row.reduce((sum, bright, x) => sum + bright * x, 0) / total;
}

/** What a test of dreamed frames found. */
export interface Tested {
  /** Peak signal-to-noise ratio with the true next frames, in decibels. */
  readonly psnr: number;
  /** The share of frames in which the paddle went where the player sent it. */
  readonly obeys: number;
}

/** Next frames of `count` real games for each of the three actions, against the true ones. A deaf network is always given “stay”. */
export async function test(
  dreamer: Dreamer,
  { count, isDeaf, ...drawing }: Drawing & { readonly count: number; readonly isDeaf: boolean },
): Promise<Tested> {
  const { rng } = drawing;
  const { world } = dreamer;
  const starts: Start[] = [];
  while (starts.length < count) {
    const start = startOf(world.history, rng);
    if (start.game.paddle >= 2 && start.game.paddle <= 9) starts.push(start); // away from the walls
  }
  const cases = starts.flatMap((start) => [left, stay, right].map((action) => ({ start, action })));
  const state = stateOf(
    world,
    cases.map(({ start }) => start),
  );
  const heard = cases.map(({ action }) => (isDeaf ? stay : action));
  const { pixels, later } = await dreamed(dreamer, state, heard, drawing);
  disposeLeaves(later);
  const found = cases.map(({ start, action }, i) => {
    const drawn = pixels.slice(i * size * size, (i + 1) * size * size);
    const moved = paddleOf(drawn) - paddleOf(frame(start.game));
    return {
      psnr: psnr(drawn, frame(play(start.game, action))),
      obeys: Math.abs(moved - 2 * (action - 1)) < 1 ? 1 : 0,
    };
  });
  const mean = (key: "psnr" | "obeys") => found.reduce((sum, row) => sum + row[key], 0) / found.length;
  return { psnr: mean("psnr"), obeys: mean("obeys") };
}

/** The same measure for copies of the last frame. */
export function copied({ world }: Dreamer, count: number, rng: Rng): number {
  const ratios = Array.from({ length: count }, () => {
    const { game } = startOf(world.history, rng);
    return psnr(frame(game), frame(play(game, policy(game, rng))));
  });
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / count;
}
