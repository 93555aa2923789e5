import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

// pytorch.py 20 160 100 1
test.each([
  ["tcn", 0.207148],
  ["lstm", 0.606367],
] as const)("the %s learns as PyTorch's does", async (net, torch) => {
  const [error] = await main({ net, time: 20, train: 160, test: 100, epochs: 1 });
  expect(error).toBeCloseTo(torch, 4);
});
