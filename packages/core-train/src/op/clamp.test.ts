import { clamp } from "@pellucid/core-train";
import { tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("nothing stays nothing", () => {
  expect(clamp(tensor([], [0]), 0, Infinity)).toHaveShape([0]);
});
