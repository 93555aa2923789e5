import { expect, test } from "vitest";
import { main, sheetOf } from "./main.ts";

test("sixteen pictures of one size, no two the same", () => {
  const { pictures } = main();
  expect(pictures.size).toBe(16);
  const seen = new Set([...pictures.values()].map(({ data }) => data.join()));
  expect(seen.size).toBe(16);
  for (const { shape, data } of pictures.values()) {
    expect(shape).toEqual([64, 64, 3]);
    expect(data.every(Number.isFinite)).toBe(true);
  }
});

test("the same seed gives the same pictures", () => {
  const [once, again] = [main(), main()];
  for (const [name, { data }] of once.pictures) expect(again.pictures.get(name)?.data).toEqual(data);
});

test("a mirror turns each row around", () => {
  const { pictures } = main();
  const [image, mirrored] = ["as it is", "mirror"].map((name) => pictures.get(name)?.data);
  for (let x = 0; x < 64; x++) {
    const pixel = image?.subarray(3 * x, 3 * x + 3);
    expect(mirrored?.subarray(3 * (63 - x), 3 * (63 - x) + 3)).toEqual(pixel);
  }
});

test("a mixed label is still a distribution", () => {
  const { labels } = main();
  for (const shares of labels.values()) expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
});

test("the sheet has two rows of eight", () => {
  expect(sheetOf(main().pictures.values()).shape).toEqual([2 * 68, 8 * 68, 3]);
});
