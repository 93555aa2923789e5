import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test.each([
  ["transformer", "llama"],
  ["transformer", "gpt2-bare"],
  ["mamba", "mamba"],
] as const)("%s: %s writes what it writes in Python", async (family, name) => {
  await useBackend({ only: "wasm" });
  const hub = new URL(`../../packages/${family}/fixtures/hub/`, import.meta.url);
  const wanted = JSON.parse(readFileSync(new URL("expected.json", hub), "utf8")) as Record<
    string,
    { text: number[] }
  >;
  expect(await main(fileURLToPath(new URL(name, hub)), "1 5 9", 6)).toBe(wanted[name]?.text.join(" "));
});

test("a model that writes no text is refused", async () => {
  const bert = fileURLToPath(new URL("../../packages/transformer/fixtures/hub/bert", import.meta.url));
  await expect(main(bert, "1", 1)).rejects.toThrow("has a BertForMaskedLm, which writes no text");
});
