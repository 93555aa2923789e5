import { expect, test } from "vitest";

test("parts can be imported where there is no document", async () => {
  expect(globalThis.HTMLElement).toBeUndefined();
  const { PellucidDrawPad, tokens } = await import("@pellucid/interpret/parts");
  expect(PellucidDrawPad.observedAttributes).toEqual(["size"]);
  expect(tokens).toContain("--ink: var(--pellucid-ink, light-dark(#17181c, #eef0f4));");
});
