import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test("the loss falls, and a sheet of 24 pictures is drawn", { timeout: 120_000 }, async () => {
  const losses: number[] = [];
  const { samples, shape, diffusion } = await main({
    steps: 100,
    batch: 4,
    drawSteps: 3,
    onStep: (_, loss) => losses.push(loss),
  });
  expect(losses[1]).toBeLessThan(losses[0] as number);
  expect(shape).toEqual([24, 16, 16, 3]);
  expect(samples.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(diffusion.schedule.steps).toBe(200);
  diffusion.dispose();
});
