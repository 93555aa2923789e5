import { type Augmentation, compose, Rng } from "@pellucid/core-train";
import { expect, test } from "vitest";

test("one after the other, each with what the one before left of the generator", () => {
  const drawn: number[] = [];
  const draw: Augmentation = (image, rng) => {
    drawn.push(rng.uint32());
    return { ...image, data: image.data.map((x) => 2 * x + 1) };
  };
  const image = { data: new Float32Array([1]), shape: [1, 1, 1] } as const;
  expect(compose(draw, draw)(image, new Rng(0)).data).toEqual(new Float32Array([7]));
  const rng = new Rng(0);
  expect(drawn).toEqual([rng.uint32(), rng.uint32()]);
});

test("of nothing changes nothing", () => {
  const image = { data: new Float32Array([1]), shape: [1, 1, 1] } as const;
  expect(compose()(image, new Rng(0))).toBe(image);
});
