import { describe, expect, it } from "vitest";
import { shapeImages } from "./shape-images.ts";

describe("shapeImages", () => {
  it("draws one shape on each image, and every class as often", () => {
    const { train } = shapeImages({ seed: 1, train: 150, size: 16 });
    const counts = [0, 0, 0];
    for (let i = 0; i < 150; i++) {
      const { x, y } = train.get(i);
      expect(x.shape).toEqual([16, 16, 3]);
      counts[y] = (counts[y] as number) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(35);
  });

  it("is a pure function of seed and number, and test images are others", () => {
    const { train, test } = shapeImages({ seed: 1 });
    expect(shapeImages({ seed: 1, train: 9 }).train.get(8)).toEqual(train.get(8));
    expect(test.get(8).x).not.toEqual(train.get(8).x);
  });

  it("can be loaded into memory", () => {
    const { test } = shapeImages({ seed: 1, test: 5, size: [16, 20] });
    const loaded = test.load();
    expect(loaded.images.shape).toEqual([5, 16, 20, 3]);
    for (let i = 0; i < 5; i++) expect(loaded.get(i)).toEqual(test.get(i));
    expect(loaded.info.classes).toEqual(["circle", "square", "triangle"]);
  });

  it("can ask whether there is a shape at all", () => {
    const { train } = shapeImages({
      seed: 2,
      size: 32,
      classes: ["nothing", "star"],
      background: "plain",
      noise: 0,
    });
    expect(train.classes).toEqual(["nothing", "star"]);
    for (let i = 0; i < 20; i++) {
      const { x, y } = train.get(i);
      const colors = new Set(Array.from(x.data.filter((_, at) => at % 3 === 0)));
      expect(colors.size > 1).toBe(y === 1);
    }
  });

  it("refuses to draw nothing at all, and unknown shapes", () => {
    expect(() => shapeImages({ seed: 1, classes: [] })).toThrow(
      "shapeImages: the number of classes is 0, expected an integer of 1 or more.",
    );
    expect(() => shapeImages({ seed: 1, classes: ["oval" as "star"] })).toThrow(
      'shapeImages: there is no shape "oval"',
    );
  });
});
