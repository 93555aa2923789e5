import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

const isLong = process.env["PELLUCID_LONG"] !== undefined;

test(
  isLong ? "all eight modes, and 0.6 of the samples near one" : "most modes after 1500 of 5000 steps",
  async () => {
    await useBackend({ only: "wasm" });
    const { modes, quality } = await main({ steps: isLong ? 5000 : 1500 });
    expect(modes).toBeGreaterThanOrEqual(isLong ? 8 : 5);
    expect(quality).toBeGreaterThanOrEqual(isLong ? 0.6 : 0.1); // uniformly over the square it would be 0.04
  },
);
