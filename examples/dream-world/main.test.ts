import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { draw, main, playInDream, trainedWorld } from "./main.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test(
  "the dreamed frame is far closer to the true one than a copy of the last",
  { timeout: 120_000 },
  async () => {
    const { dreamed, copied, framesPerSecond, world } = await main({ frames: 40 });
    expect(copied).toBeLessThan(16);
    expect(dreamed).toBeGreaterThan(copied + 8);
    expect(framesPerSecond).toBeGreaterThan(0);
    world.dispose();
  },
);

test(
  "within a dream there is one paddle in every frame, and no more than one ball",
  { timeout: 120_000 },
  async () => {
    const world = trainedWorld();
    const shown = await playInDream({ frames: 20, world });
    for (const { dream } of shown) {
      const paddle = dream.slice(240).filter((pixel) => pixel > 0).length;
      const ball = dream.slice(0, 240).filter((pixel) => pixel > 0.5).length;
      expect(paddle).toBeGreaterThanOrEqual(3);
      expect(paddle).toBeLessThanOrEqual(7);
      expect(ball).toBeLessThanOrEqual(8);
    }
    expect(draw(shown[0]?.dream ?? new Float32Array(256)).split("\n")).toHaveLength(16);
    (await world).dispose();
  },
);
