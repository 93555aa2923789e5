import { expect, test } from "vitest";
import { main } from "./main.ts";

test(
  "the error is at most 3e-3, as in PyTorch, and a refinement lowers it",
  { timeout: 240_000 },
  async () => {
    const isLong = process.env["PELLUCID_LONG"] !== undefined;
    const { coarse, fine } = await main({ steps: isLong ? 50 : 25 });
    expect(coarse).toBeLessThan(isLong ? 3e-3 : 6e-3);
    expect(fine).toBeLessThan(coarse);
  },
);
