// Readers of annotations: what is written is read again, files by hand, and damaged files are refused by name.
import {
  AnnotationError,
  type CocoDataset,
  labelMeBox,
  type LabelMeAnnotation,
  readCoco,
  readLabelMe,
  readVoc,
  readYolo,
  type VocAnnotation,
  writeCoco,
  writeLabelMe,
  writeVoc,
  writeYolo,
} from "@pellucid/detection";
import { mutations } from "@pellucid/testing";
import { memory } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const voc = `<?xml version="1.0"?>
<annotation verified="yes">
	<folder>images</folder>
	<filename>cells &amp; more.jpg</filename>
	<source><database>Unknown</database></source>
	<size><width>640</width><height>480</height><depth>3</depth></size>
	<object>
		<name>RBC</name><pose>Unspecified</pose><truncated>1</truncated><difficult>0</difficult>
		<bndbox><xmin>507</xmin><ymin>63</ymin><xmax>609.5</xmax><ymax>180</ymax></bndbox>
	</object>
	<object><name>WBC</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox><difficult>1</difficult></object>
</annotation>`;
const vocAnnotation: VocAnnotation = {
  fileName: "cells & more.jpg",
  height: 480,
  width: 640,
  depth: 3,
  objects: [
    { name: "RBC", box: [507, 63, 609.5, 180], difficult: false, truncated: true },
    { name: "WBC", box: [1, 2, 3, 4], difficult: true, truncated: false },
  ],
};

const coco = JSON.stringify({
  info: { year: 2017 },
  images: [{ id: 9, file_name: "a.jpg", height: 20, width: 30, license: 1 }],
  categories: [{ id: 7, name: "cat", supercategory: "animal" }],
  annotations: [
    {
      id: 1,
      image_id: 9,
      category_id: 7,
      bbox: [1, 2, 3, 4.5],
      area: 10,
      iscrowd: 0,
      segmentation: [[1, 2, 4, 2, 4, 6]],
    },
    {
      id: 2,
      image_id: 9,
      category_id: 7,
      bbox: [0, 0, 5, 5],
      iscrowd: 1,
      segmentation: { counts: [1, 2], size: [20, 30] },
    },
  ],
});
const cocoDataset: CocoDataset = {
  images: [{ id: 9, fileName: "a.jpg", height: 20, width: 30 }],
  categories: [{ id: 7, name: "cat" }],
  annotations: [
    {
      id: 1,
      imageId: 9,
      categoryId: 7,
      bbox: [1, 2, 3, 4.5],
      area: 10,
      isCrowd: false,
      segmentation: [[1, 2, 4, 2, 4, 6]],
    },
    { id: 2, imageId: 9, categoryId: 7, bbox: [0, 0, 5, 5], area: 25, isCrowd: true, segmentation: [] },
  ],
};

const yolo = "0 0.5 0.25 0.125 0.5\r\n\n  2 1 0 1e-1 0.75  \n";
const labelMe: LabelMeAnnotation = {
  imagePath: "a.png",
  height: 40,
  width: 50,
  shapes: [
    {
      label: "cell",
      shapeType: "polygon",
      points: [
        [1, 2],
        [5.5, 3],
        [2, 9],
      ],
    },
    {
      label: "spot",
      shapeType: "circle",
      points: [
        [10, 10],
        [13, 14],
      ],
    },
    {
      label: "box",
      shapeType: "rectangle",
      points: [
        [8, 7],
        [2, 3],
      ],
    },
  ],
};

describe("Pascal VOC", () => {
  test("is read and written", () => {
    expect(readVoc(voc)).toEqual(vocAnnotation);
    expect(readVoc(new TextEncoder().encode(writeVoc(vocAnnotation)))).toEqual(vocAnnotation);
  });

  test.each([
    ["<a/>", "no element annotation"],
    ["<annotation><object>", "not XML"],
    ["<annotation></annotation>", "annotation has no size"],
    [voc.replace("<xmin>507</xmin>", ""), "bndbox has no xmin"],
    [voc.replace("507", "wide"), 'xmin of bndbox is "wide", expected a finite number'],
    [voc.replace("507", "700"), "expected xmin ≤ xmax"],
    [voc.replace("<width>640", "<width>0"), "expected a finite number of 1 or more"],
  ])("%s is refused", (text, message) => {
    expect(() => readVoc(text)).toThrow(AnnotationError);
    expect(() => readVoc(text)).toThrow(message);
  });
});

describe("COCO", () => {
  test("is read and written", () => {
    expect(readCoco(coco)).toEqual(cocoDataset);
    expect(readCoco(writeCoco(cocoDataset))).toEqual(cocoDataset);
  });

  test.each([
    ["[]", "the file is [], expected a record"],
    ["{", "not JSON"],
    [coco.replace('"images"', '"pictures"'), "images is undefined, expected a list"],
    [
      coco.replace('"image_id":9', '"image_id":8'),
      "annotations[0].image_id is 8, expected the id of one that is in the file",
    ],
    [coco.replace("[1,2,3,4.5]", "[1,2,3]"), "annotations[0].bbox is [1,2,3], expected 4 finite numbers"],
    [coco.replace("[1,2,3,4.5]", "[1,2,-3,4]"), "a width and a height of 0 or more"],
    [coco.replace('"id":2', '"id":1'), "annotations[1].id is 1, expected an id that occurs once"],
    [coco.replace('"height":20', '"height":2.5'), "images[0].height is 2.5, expected an integer"],
  ])("%s is refused", (text, message) => {
    expect(() => readCoco(text)).toThrow(AnnotationError);
    expect(() => readCoco(text)).toThrow(message);
  });
});

describe("YOLO", () => {
  test("is read and written", () => {
    const read = readYolo(yolo);
    expect([...read.labels]).toEqual([0, 2]);
    expect(read.boxes).toBeAllclose([0.5, 0.25, 0.125, 0.5, 1, 0, 0.1, 0.75]);
    expect(readYolo(writeYolo(read))).toEqual(read);
    expect(readYolo("").labels).toHaveLength(0);
    expect(() => writeYolo({ ...read, boxes: new Float32Array(3) })).toThrow(AnnotationError);
  });

  test.each([
    ["0 0.5 0.5 0.5", "five numbers"],
    ["0 0.5 0.5 0.5 0.5 0.5 0.1 0.2", "five numbers"],
    ["cat 0.5 0.5 0.5 0.5", "five numbers"],
    ["1.5 0.5 0.5 0.5 0.5", "a class from 0 to 2"],
    ["3 0.5 0.5 0.5 0.5", "a class from 0 to 2"],
    ["\n0 320 0.5 0.5 0.5", 'line 2 is "0 320 0.5 0.5 0.5", expected a box in parts of the image'],
  ])("%s is refused", (text, message) => {
    expect(() => readYolo(text, 3)).toThrow(AnnotationError);
    expect(() => readYolo(text, 3)).toThrow(message);
  });
});

describe("LabelMe", () => {
  test("is read and written, with boxes around shapes", () => {
    expect(readLabelMe(writeLabelMe(labelMe))).toEqual(labelMe);
    expect(labelMe.shapes.map(labelMeBox)).toEqual([
      [1, 2, 5.5, 9],
      [5, 5, 15, 15],
      [2, 3, 8, 7],
    ]);
  });

  test.each([
    ["null", "the file is null, expected a record"],
    [
      writeLabelMe(labelMe).replace("polygon", "blob"),
      'shapes[0].shape_type is "blob", expected polygon, rectangle',
    ],
    [writeLabelMe(labelMe).replace("[5.5,3],", ""), "3 or more of a polygon"],
    [writeLabelMe(labelMe).replace("[1,2]", "[1]"), "shapes[0].points.0 is [1], expected 2 finite numbers"],
  ])("%s is refused", (text, message) => {
    expect(() => readLabelMe(text)).toThrow(AnnotationError);
    expect(() => readLabelMe(text)).toThrow(message);
  });
});

const bytes = (text: string) => new TextEncoder().encode(text);
const readers: readonly (readonly [name: string, file: Uint8Array, read: (file: Uint8Array) => unknown])[] = [
  ["Pascal VOC", bytes(voc), readVoc],
  ["COCO", bytes(coco), readCoco],
  ["YOLO", bytes(yolo), (file) => readYolo(file, 3)],
  ["LabelMe", bytes(writeLabelMe(labelMe)), readLabelMe],
];

test.each(readers)(
  "%s: of 1,000 damaged files each is read, or refused by name, and nothing leaks",
  (_, file, read) => {
    const before = memory().numTensors;
    let refused = 0;
    for (const damaged of mutations([file], 1000)) {
      try {
        read(damaged);
      } catch (error) {
        expect((error as Error).name, (error as Error).stack).toBe("AnnotationError");
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
    expect(memory().numTensors).toBe(before);
  },
);

test.each(readers)("%s: any text, and any JSON, is read or refused by name", (_, __, read) => {
  const isSafe = (text: string) => {
    try {
      read(bytes(text));
    } catch (error) {
      return (error as Error).name === "AnnotationError";
    }
    return true;
  };
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), isSafe), { numRuns: 1000, seed: 1 });
});

test("what is written is read again, for any boxes and names", () => {
  const name = fc
    .string({ minLength: 1 })
    .filter((text) => /^[\x20-\x7e]+$/.test(text) && text.trim() === text);
  const side = fc.float({ min: 0, max: 1000, noNaN: true });
  const object = fc.record({
    name,
    box: fc.tuple(side, side, side, side),
    difficult: fc.boolean(),
    truncated: fc.boolean(),
  });
  fc.assert(
    fc.property(name, fc.array(object), (fileName, objects) => {
      const sorted = objects.map(({ box: [a, b, c, d], ...rest }) => ({
        ...rest,
        box: [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)] as [
          number,
          number,
          number,
          number,
        ],
      }));
      const annotation = { fileName, height: 10, width: 10, depth: 1, objects: sorted };
      expect(readVoc(writeVoc(annotation))).toEqual(annotation);
    }),
    { numRuns: 200, seed: 1 },
  );
});
