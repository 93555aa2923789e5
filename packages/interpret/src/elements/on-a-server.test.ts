import { expect, test } from "vitest";

test("elements can be imported where there is no document", async () => {
  expect(globalThis.HTMLElement).toBeUndefined();
  const { PellucidHeatmap } = await import("@pellucid/interpret/elements");
  expect(PellucidHeatmap.observedAttributes).toEqual(["label"]);
});
