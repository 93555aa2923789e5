import { Rng, sizeOf, stateOf, withoutInit } from "@pellucid/core-train";
import { type VisionTransformer, vitB16, vitB32, vitL16, vitL32 } from "@pellucid/transformer";
import { expect, test } from "vitest";

/** Memory is not touched where no weight is drawn, so that even the largest are made at once. */
function parameters(make: (options: { rng: Rng }) => VisionTransformer): number {
  const model = withoutInit(() => make({ rng: new Rng(0) }));
  const sizes = Object.values(stateOf(model)).map(({ shape }) => sizeOf(shape));
  model.dispose();
  return sizes.reduce((total, size) => total + size, 0);
}

test("ViT-B has torchvision's number of parameters, with patches of 16 and of 32", () => {
  expect(parameters((options) => vitB16(options))).toBe(86_567_656);
  expect(parameters((options) => vitB32(options))).toBe(88_224_232);
});

test("ViT-L has torchvision's number of parameters, with patches of 16 and of 32", () => {
  expect(parameters((options) => vitL16(options))).toBe(304_326_632);
  expect(parameters((options) => vitL32(options))).toBe(306_535_400);
});
