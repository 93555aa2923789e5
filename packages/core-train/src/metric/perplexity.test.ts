import { perplexity } from "@pellucid/core-train";
import { tensor2d, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("of even logits it is the number of tokens", async () => {
  expect(await perplexity(zeros([1, 2, 7]), tensor2d([[3, 0]], [1, 2], "int32"))).toBeCloseTo(7, 5);
});
