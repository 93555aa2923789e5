import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { drawDates } from "./dates.ts";
import { ask, main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("dates are drawn the same for a seed, and both ways of writing are one day", () => {
  const dates = drawDates(new Rng(1), 300);
  expect(drawDates(new Rng(1), 300)).toEqual(dates);
  for (const { written, iso } of dates) {
    const day = new Date(`${iso}T00:00:00Z`);
    expect(day.toISOString().slice(0, 10)).toBe(iso);
    const [a, b, c] = written.split(".").map(Number);
    const read = c === undefined ? `${written} UTC` : `${b}/${a}/${c} UTC`;
    expect(new Date(read).getTime(), written).toBe(day.getTime());
  }
});

test("a net learns in 30 steps how dates look, and tells where it looked", { timeout: 60_000 }, async () => {
  const before = memory().numTensors;
  const losses: number[] = [];
  const { model } = await main({
    steps: 30,
    size: 32,
    hiddenSize: 32,
    every: 10,
    onProgress: (_, loss) => losses.push(loss),
  });
  expect(losses.at(-1)).toBeLessThan(1.9); // from ln 12 = 2.5
  const { iso, picture } = await ask(model, "3 july 2009");
  expect(iso).toHaveLength(10);
  expect(picture.split("\n")).toHaveLength(11);
  await expect(ask(model, "3 juillet à 2009")).rejects.toThrow('has no "à"');
  model.dispose();
  expect(memory().numTensors).toBe(before);
});
