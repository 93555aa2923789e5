// Regions that may be objects: segments by hand, and proposals that find drawn shapes.
import { segmentImage, selectiveSearch, xyxy, boxIou } from "@pellucid/detection";
import { shapeScenes } from "@pellucid/datasets";
import { amax } from "@pellucid/core-train";
import { expect, test } from "vitest";

/** Two flat halves, and a square in the right one. */
function halves() {
  const data = new Float32Array(20 * 20 * 3);
  for (let y = 0; y < 20; y++)
    for (let x = 0; x < 20; x++) {
      const color = x < 10 ? 0.2 : x >= 13 && x < 18 && y >= 5 && y < 11 ? 0.9 : 0.6;
      data.fill(color, 3 * (20 * y + x), 3 * (20 * y + x) + 3);
    }
  return { data, shape: [20, 20, 3] as const };
}

test("flat regions are the segments", () => {
  const { labels, count } = segmentImage(halves(), { scale: 20, sigma: 0, minSize: 1 });
  expect(count).toBe(3);
  expect([labels[0], labels[19], labels[20 * 7 + 15]]).toEqual([0, 1, 2]);
  expect(labels.filter((label) => label === 2)).toHaveLength(30);
});

test("a segment below the least size joins its most similar neighbor", () => {
  const { count, labels } = segmentImage(halves(), { scale: 20, sigma: 0, minSize: 40 });
  expect(count).toBe(2);
  expect(labels[20 * 7 + 15]).toBe(labels[19]);
});

test("proposals are the segments and what they are joined to, the whole image first", () => {
  const boxes = selectiveSearch(halves(), { scales: [20], sigma: 0, minSize: 1 });
  const rows = Array.from({ length: boxes.length / 4 }, (_, i) => [...boxes.subarray(4 * i, 4 * i + 4)]);
  expect(rows[0]).toEqual([0, 0, 20, 20]);
  expect(rows).toContainEqual([13, 5, 18, 11]);
  expect(rows).toContainEqual([0, 0, 10, 20]);
  expect(rows).toContainEqual([10, 0, 20, 20]);
});

test("of drawn shapes nine of ten are proposed with an IoU of 0.7, among fewer than 300 regions", () => {
  const { train } = shapeScenes({ seed: 5, train: 8, size: 64 });
  const best: number[] = [];
  for (let i = 0; i < train.length; i++) {
    const { image, boxes } = train.get(i);
    const proposals = selectiveSearch(image, { minSize: 20 });
    expect(proposals.length / 4).toBeLessThan(300);
    const found = boxIou(xyxy(boxes), xyxy({ data: proposals, shape: [proposals.length / 4, 4] }));
    best.push(...amax(found, 1).dataSync());
  }
  expect(best.filter((iou) => iou >= 0.7).length / best.length).toBeGreaterThanOrEqual(0.9);
});

test("options that do not exist are errors", () => {
  expect(() => selectiveSearch(halves(), { scale: 1 } as never)).toThrow("there is no option scale");
  expect(() => segmentImage(halves(), { sigma: -1 })).toThrow("sigma");
});
