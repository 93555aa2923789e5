import { expect, test } from "vitest";
import { textOf } from "../../tools/pages/built-page.ts";

test("each example trains in the built page, and draws", { timeout: 300_000 }, async () => {
  const said = await textOf(import.meta.dirname, {
    button: "Train",
    until: /Trained:|Error/u,
    query: "?all&share=0.002",
  });
  const expected = [
    /error 0\.\d+, PCA's 0\.0\d+;/u,
    /an unseen digit costs \d+\.\d+ nats;/u,
    /\d of 8 modes/u,
    /\d+ of 10 digits/u,
    /the density integrates to [01]\.\d+;/u,
    /a Fréchet distance of \d+/u,
    /\d+ of 24 are the shape that was asked for/u,
  ];
  for (const sentence of expected) expect(said).toMatch(sentence);
});
