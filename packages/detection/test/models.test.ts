// Models of one stage: they learn a small batch, find what they learned in the picture's own pixels, and leak nothing.
import { useBackend } from "@pellucid/backends";
import { toFullyConvolutional } from "@pellucid/cnn";
import {
  adam,
  Conv2d,
  Flatten,
  gradient,
  Linear,
  MaxPool2d,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  AnchorFreeDetector,
  anchorFreeLoss,
  anchorLoss,
  anchorTarget,
  ConvBackbone,
  convolutionalWindowScores,
  type Detections,
  gridLoss,
  gridTarget,
  LandmarkNet,
  landmarkLoss,
  LocalizationNet,
  localizationLoss,
  localizationTarget,
  padObjects,
  slidingWindows,
  windowScores,
  YoloAnchors,
  YoloGrid,
} from "@pellucid/detection";
import { sines } from "@pellucid/testing";
import {
  fill,
  memory,
  type Tensor,
  tensor,
  tensor2d,
  tensor3d,
  type Tensor3D,
  tensor4d,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A bright square on a dark ground, and a brighter one of another class. */
function picture(): {
  image: { data: Float32Array; shape: [number, number, 1] };
  boxes: { data: number[] };
  labels: { data: number[] };
} {
  const data = new Float32Array(32 * 32);
  const squares = [
    [3, 5, 15, 17, 0.5],
    [20, 16, 30, 30, 1],
  ] as const;
  for (const [x1, y1, x2, y2, color] of squares)
    for (let y = y1; y < y2; y++) data.fill(color, 32 * y + x1, 32 * y + x2);
  return {
    image: { data, shape: [32, 32, 1] },
    boxes: { data: squares.flatMap((box) => box.slice(0, 4)) },
    labels: { data: [0, 1] },
  };
}

const { image, ...objects } = picture();
const images = () => tensor4d(image.data, [1, 32, 32, 1]);
const backbone = (rng: Rng) => new ConvBackbone(1, [8, 12, 16], { rng });
const options = { numClasses: 2, imageSize: [32, 32] as const };

async function learn(
  model: AnchorFreeDetector | YoloGrid | YoloAnchors,
  steps: number,
  loss: () => Tensor,
): Promise<Detections> {
  const optimizer = new Optimizer(adam({ learningRate: 1e-2 }), trainable(model));
  try {
    for (let step = 0; step < steps; step++) await trainStep(model, optimizer, loss);
  } finally {
    optimizer.dispose();
  }
  return model.detect(image, { scoreThreshold: 0.3 });
}

function expectFound(found: Detections): void {
  expect([...found.labels].toSorted((a, b) => a - b)).toEqual([0, 1]);
  for (const [i, label] of found.labels.entries()) {
    const box = found.boxes.data.subarray(4 * i, 4 * i + 4);
    expect(box).toBeAllclose(objects.boxes.data.slice(4 * label, 4 * label + 4), { rtol: 0, atol: 1.5 });
  }
}

describe("on WASM", () => {
  beforeAll(() => useBackend({ only: "wasm" }));
  afterAll(() => useBackend({ only: "cpu" }));

  test("a detector without anchors learns two boxes", async () => {
    const rng = new Rng(0);
    const model = new AnchorFreeDetector(backbone(rng), 2, { rng, bins: 6, width: 12, depth: 1 });
    const { boxes, labels } = padObjects(objects, 3);
    const padded = { boxes: tensor3d(boxes.data, [1, 3, 4]), labels: tensor2d(labels.data, [1, 3], "int32") };
    const x = images();
    expectFound(await learn(model, 120, () => anchorFreeLoss(model.forward(x), padded)));
    expect(() => tidy(() => anchorFreeLoss(model.forward(x), padded))).toLeakNothing();
    expect(() => model.decode(x)).toLeakNothing();
  });

  test("a grid learns two boxes", async () => {
    const rng = new Rng(0);
    const model = new YoloGrid(backbone(rng), 2, { rng });
    const target = gridTarget(objects, { ...options, grid: [4, 4] });
    const [x, y] = [images(), tensor4d(target.data, [1, 4, 4, 7])];
    expectFound(await learn(model, 120, () => gridLoss(model.forward(x), y)));
    expect(() => model.decode(x)).toLeakNothing();
  });

  test("anchors on two maps learn two boxes", async () => {
    const rng = new Rng(0);
    const anchors = [
      [
        [8, 8],
        [12, 12],
      ],
      [[16, 16]],
    ] as [number, number][][];
    const model = new YoloAnchors(new ConvBackbone(1, [8, 12, 16], { rng, outputs: 2 }), 2, anchors, { rng });
    const target = anchorTarget(objects, { ...options, maps: model.maps });
    const [x, y] = [images(), tensor3d(target.data, [1, ...(target.shape as [number, number])])];
    expectFound(await learn(model, 120, () => anchorLoss(model.forward(x), y)));
    expect(() => model.decode(x)).toLeakNothing();
  });
});

test("what is found in a picture of another size is in its own pixels", async () => {
  const rng = new Rng(0);
  const model = new YoloGrid(backbone(rng), 2, { rng });
  const large = { data: new Float32Array(100 * 200), shape: [100, 200, 1] as const };
  const before = memory().numTensors;
  const { boxes: found, scores } = await model.detect(large, {
    size: 32,
    scoreThreshold: 0,
    iouThreshold: 1,
  });
  expect(memory().numTensors).toBe(before);
  expect(scores.length).toBe(16);
  const boxes = found.data;
  const inside = (i: number) =>
    (boxes[i] as number) >= 0 && (boxes[i] as number) <= (i % 2 === 0 ? 200 : 100);
  expect([...boxes.keys()].every(inside)).toBe(true);
  expect(Math.max(...boxes)).toBeGreaterThan(40);
});

test("one object and its landmarks: shapes, and a step that lowers the loss", async () => {
  const rng = new Rng(0);
  const x = images();
  const net = new LocalizationNet(backbone(rng), 3, { rng });
  expect(net.forward(x).shape).toEqual([1, 8]);
  const face = new LandmarkNet(backbone(rng), 64, { rng });
  expect(face.forward(x).shape).toEqual([1, 129]);
  const label = localizationTarget(objects, { ...options, numClasses: 3 });
  const y = tensor2d(label.data, [1, 8]);
  const points = fill([1, 129], 0.5) as ReturnType<typeof tensor2d>;
  for (const [model, loss] of [
    [net, () => localizationLoss(net.forward(x), y)],
    [face, () => landmarkLoss(face.forward(x), points)],
  ] as const) {
    const optimizer = new Optimizer(adam({ learningRate: 1e-2 }), trainable(model));
    const losses: number[] = [];
    for (let step = 0; step < 10; step++) losses.push(await trainStep(model, optimizer, loss));
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) * 0.7);
    expect(() => tidy(loss)).toLeakNothing();
  }
});

describe("sliding windows", () => {
  const rng = new Rng(0);
  const features = [new Conv2d(3, 4, 5, { rng }), new ReLU(), new MaxPool2d(2)] as const;
  const head = [new Linear(4 * 5 * 5, 6, { rng }), new ReLU(), new Linear(6, 4, { rng })] as const;
  const classifier = new Sequential(...features, new Flatten(), ...head);
  const image = sines([18, 20, 3], 0.2) as Tensor3D;
  const windows = slidingWindows([18, 20], 14, { stride: 2 });

  test("cover the image, row by row", () => {
    expect(windows.grid).toEqual([3, 4]);
    expect([...windows.boxes.subarray(4 * 5, 4 * 6)]).toEqual([2, 2, 16, 16]);
    expect(slidingWindows([10, 20], 14, { stride: 2 }).boxes).toHaveLength(0);
    expect(slidingWindows([9, 20], [3, 14], { stride: [3, 6] }).grid).toEqual([3, 2]);
    expect(() => slidingWindows([9, 20], 0, { stride: 1 })).toThrow("an integer above 0");
  });

  test("give what one convolutional run gives", () => {
    const convolutional = toFullyConvolutional(head, [5, 5]);
    const whole = { forward: (x: Tensor4D) => convolutional.forward(new Sequential(...features).forward(x)) };
    const one = convolutionalWindowScores(whole, image, windows);
    expect(one.shape).toEqual([12, 4]);
    expect(one).toBeAllclose(windowScores(classifier as never, image, windows, { batch: 5 }));
    expect(() => windowScores(classifier as never, image, windows)).toLeakNothing();
    expect(() =>
      convolutionalWindowScores(whole, image, slidingWindows([18, 20], 14, { stride: 4 })),
    ).toThrow("The stride of the windows must be that of the net");
  });

  test("of another size are resized", () => {
    const small = slidingWindows([18, 20], 7, { stride: 5 });
    expect(windowScores(classifier as never, image, small, { inputSize: [14, 14] }).shape).toEqual([9, 4]);
  });
});

test("the gradient of a detector's loss is finite where an image has no objects", () => {
  const output = {
    logits: sines([1, 4, 2]) as Tensor3D,
    points: tensor2d([
      [4, 4, 8],
      [12, 4, 8],
      [4, 12, 8],
      [12, 12, 8],
    ]),
  };
  const none = { boxes: tensor3d([[[0, 0, 0, 0]]]), labels: tensor2d([[-1]], [1, 1], "int32") };
  const gradients = gradient((distances: Tensor3D) => anchorFreeLoss({ ...output, distances }, none))(
    sines([1, 4, 16]) as Tensor3D,
  );
  expect(gradients).toBeAllclose(tensor(new Float32Array(64)));
});
