import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

/** All six epochs are for a machine with time. */
const isLong = process.env["PELLUCID_LONG"] !== undefined;

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("a U-Net outlines unseen shapes", { timeout: 900_000 }, async () => {
  const { model, meanIou } = await main({ epochs: isLong ? 6 : 2 });
  expect(meanIou).toBeGreaterThan(isLong ? 0.985 : 0.3);
  model.dispose();
});
