import { expect, test } from "vitest";
import { trainedOn } from "../../tools/pages/built-page.ts";

test("the built page trains: 0.96 or more of the unseen digits are right", async () => {
  expect(await trainedOn(import.meta.dirname)).toBeGreaterThan(0.955);
});
