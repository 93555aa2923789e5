// From what a net returns to boxes in the pixels of the picture: letterboxes and exported heads.
import { interpolate, ShapeError } from "@pellucid/core-train";
import {
  decodeAnchorFreeExport,
  decodeEndToEndExport,
  decodeObjectnessExport,
  decodeYoloxExport,
  fromLetterbox,
  letterbox,
  letterboxOf,
  selectDetections,
  toLetterbox,
  xyxy,
} from "@pellucid/detection";
import { fixture } from "@pellucid/testing";
import { memory, tensor3d, tensor4d, transpose } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

interface Golden {
  readonly kind: string;
  readonly case: string;
  readonly input: {
    readonly image_wh: [number, number];
    readonly target: number;
    readonly box_in_letterbox: number[];
    readonly output: number[][][];
    readonly input: number[][][][];
    readonly size: [number, number];
  };
  readonly right: Readonly<Record<string, number[]>> & {
    readonly boxes: number[][];
    readonly class: number[];
  };
  readonly tolerance: number;
}
const golden = fixture<Golden[]>(import.meta.url, "../fixtures/golden/decoding.json");
const ofKind = (kind: string) => golden.filter((c) => c.kind === kind);

test.each(ofKind("letterbox-inverse"))("letterbox: $case", ({ input, right }) => {
  const [width, height] = input.image_wh;
  const box = letterboxOf([height, width], input.target);
  expect(box.resized.toReversed()).toEqual(right["resized_wh"]);
  const { left, top, right: after, bottom } = box.padding;
  expect([left, top]).toEqual(right["pad_left_top"]);
  expect([after, bottom]).toEqual(right["pad_right_bottom"]);
  const found = fromLetterbox(xyxy([input.box_in_letterbox]), box);
  expect(found).toBeAllclose(right["box_in_image"] as number[], { rtol: 1e-6, atol: 1e-4 });
  expect(toLetterbox(found, box)).toBeAllclose(input.box_in_letterbox, { rtol: 1e-6, atol: 1e-4 });
});

test.each(ofKind("yolo-head-1-4pC-N"))("an exported head: $case", async ({ input, right, tolerance }) => {
  const decoded = decodeAnchorFreeExport(tensor3d(input.output));
  expect(decoded.boxes).toBeAllclose(right.boxes, { rtol: 1e-6, atol: tolerance });
  const [found] = await selectDetections(decoded, { iouThreshold: 1 });
  const order = [...(right["score"] as number[]).keys()].toSorted(
    (a, b) => (right["score"]?.[b] as number) - (right["score"]?.[a] as number),
  );
  expect(found?.scores).toBeAllclose(order.map((i) => right["score"]?.[i] as number));
  expect([...(found?.labels ?? [])]).toEqual(order.map((i) => right.class[i]));
});

test.each(ofKind("resize-antialias"))("resizing: $case", ({ input, right, tolerance }) => {
  const x = transpose(tensor4d(input.input), [0, 2, 3, 1]);
  for (const mode of ["bilinear", "bicubic"] as const)
    for (const antialias of [false, true]) {
      const expected = right[
        `${mode}_antialias_${antialias ? "True" : "False"}`
      ] as unknown as number[][][][];
      const found = interpolate(x, { size: input.size, mode, antialias });
      expect(found).toBeAllclose(expected.flat(3), { rtol: tolerance, atol: tolerance });
    }
});

describe("heads by hand", () => {
  const columns = tensor3d([[[10, 20, 4, 8, 0.5, 0.2, 0.6]]]);

  test("with objectness", () => {
    const { boxes, scores } = decodeObjectnessExport(columns);
    expect(boxes).toBeAllclose([8, 16, 12, 24]);
    expect(scores).toBeAllclose([0.1, 0.3]);
    expect(() => decodeObjectnessExport(columns)).toLeakNothing();
    expect(() => decodeAnchorFreeExport(columns)).toThrow("classes is -3");
  });

  test("in units of the grid: the second cell of stride 8, and the cell of stride 16", () => {
    const rows = Array.from({ length: 5 }, () => [0.5, 0.5, 0, Math.log(2), 1, 1]);
    const { boxes } = decodeYoloxExport(tensor3d([rows]), [16, 16], [8, 16]);
    expect([...boxes.dataSync().subarray(4, 8)]).toEqual([8, -4, 16, 12]);
    expect([...boxes.dataSync().subarray(16, 20)]).toEqual([0, -8, 16, 24]);
    expect(() => decodeYoloxExport(tensor3d([rows]), [16, 16])).toThrow(ShapeError);
  });

  test("with its own selection", async () => {
    const [found] = await decodeEndToEndExport(
      tensor3d([
        [
          [1, 2, 3, 4, 0.3, 5],
          [5, 6, 7, 8, 0.9, 2],
          [0, 0, 0, 0, 0, 0],
        ],
      ]),
    );
    expect([...(found?.boxes.data ?? [])]).toEqual([5, 6, 7, 8, 1, 2, 3, 4]);
    expect([...(found?.labels ?? [])]).toEqual([2, 5]);
  });
});

test("detections: one class or several of a box, classes that suppress each other or not, the best ones", async () => {
  const decoded = {
    boxes: tensor3d([
      [
        [0, 0, 10, 10],
        [1, 0, 11, 10],
        [30, 0, 40, 10],
      ],
    ]),
    scores: tensor3d([
      [
        [0.9, 0.6],
        [0.3, 0.8],
        [0.05, 0.04],
      ],
    ]),
  };
  const labels = async (options: object) => {
    const [found] = await selectDetections(decoded, options);
    return Array.from(found?.scores ?? [], (score, i) => [score.toFixed(1), found?.labels[i]]);
  };
  const before = memory().numTensors;
  expect(await labels({})).toEqual([
    ["0.9", 0],
    ["0.8", 1],
  ]);
  expect(await labels({ classAgnostic: true })).toEqual([["0.9", 0]]);
  expect(await labels({ multiLabel: true, iouThreshold: 1 })).toHaveLength(4);
  expect(await labels({ multiLabel: true, candidates: 1 })).toEqual([["0.9", 0]]);
  expect(await labels({ maxDetections: 1 })).toEqual([["0.9", 0]]);
  expect(await labels({ scoreThreshold: 0.95 })).toEqual([]);
  expect(memory().numTensors).toBe(before);
  await expect(selectDetections({ ...decoded, scores: decoded.boxes })).resolves.toHaveLength(1);
  await expect(selectDetections({ ...decoded, boxes: decoded.scores })).rejects.toThrow(ShapeError);
});

test("a letterboxed image has gray above and below it", () => {
  const image = { data: new Float32Array(2 * 4 * 3).fill(1), shape: [2, 4, 3] as const };
  const { image: fitted, letterbox: box } = letterbox(image, 8);
  expect(fitted.shape).toEqual([8, 8, 3]);
  expect(box.padding).toEqual({ top: 2, bottom: 2, left: 0, right: 0 });
  expect(fitted.data[0]).toBeCloseTo(114 / 255);
  expect(fitted.data[3 * 8 * 2]).toBe(1);
});
