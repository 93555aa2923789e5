import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { frame, play, size } from "./catch-game.ts";
import { longGame, psnr, record } from "./dream.ts";
import { trainWorld } from "./train.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test("the ball bounces off the walls and the paddle, and starts again when it is missed", () => {
  const start = { x: 1, y: 12, dx: -1, dy: 1, paddle: 0 };
  const low = play(start, 1);
  expect(low).toEqual({ ...start, x: 0, y: 13 });
  const caught = play(low, 1);
  expect(caught).toEqual({ x: 1, y: 12, dx: 1, dy: -1, paddle: 0 });
  const missed = play({ ...low, paddle: 8 }, 2);
  expect(missed).toEqual({ x: 7, y: 0, dx: 1, dy: 1, paddle: 10 });
  expect(play({ ...start, paddle: 11 }, 2).paddle).toBe(11);
  expect(frame(start).filter((pixel) => pixel === 1)).toHaveLength(4);
});

test("a record's last frame follows from the one before and the action", () => {
  const { frames, actions } = record(3, new Rng(0));
  expect(frames.shape).toEqual([3, 4, size, size, 1]);
  expect([...actions.dataSync()].every((action) => [0, 1, 2].includes(action))).toBe(true);
  const { frames: long, done } = longGame(10, new Rng(0));
  expect([long.length, done.length]).toEqual([10, 10]);
  expect(psnr(long[0] as Float32Array, long[0] as Float32Array)).toBeGreaterThan(100);
});

test("a few steps lower the loss, and leave the weights alone", { timeout: 120_000 }, async () => {
  const losses: number[] = [];
  const world = await trainWorld({ steps: 100, batch: 4, onStep: (_, loss) => losses.push(loss) });
  expect(losses[1]).toBeLessThan(losses[0] as number);
  const left = memory().numTensors;
  world.dispose();
  expect(memory().numTensors).toBeLessThan(left);
});
