import { regnetY128gf } from "@pellucid/cnn";
import { Rng, sizeOf, trainable, withoutInit } from "@pellucid/core-train";
import { expect, test } from "vitest";

test("the largest RegNet has torchvision's number of parameters; its memory is not touched where nothing is drawn", () => {
  const model = withoutInit(() => regnetY128gf({ rng: new Rng(0) }));
  const sizes = Object.values(trainable(model)).map(({ shape }) => sizeOf(shape));
  model.dispose();
  expect(sizes.reduce((total, size) => total + size, 0)).toBe(644_812_894);
});
