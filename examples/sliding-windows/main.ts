// Is there a star, and where? A classifier of closely cropped windows, slid over the image in several sizes, as detectors began.
import { useBackend } from "@pellucid/backends";
import { toFullyConvolutional } from "@pellucid/cnn";
import {
  adam,
  batches,
  Conv2d,
  crossEntropy,
  type Dataset,
  fit,
  Flatten,
  type Image,
  Linear,
  MaxPool2d,
  ReLU,
  resizeImage,
  Rng,
  Sequential,
  softmax,
  tidyLeaves,
  type Layer,
  abs,
  amax,
} from "@pellucid/core-train";
import { type ShapeScenes, shapeScenes } from "@pellucid/datasets";
import {
  convolutionalWindowScores,
  cropScene,
  type Decoded,
  MeanAveragePrecision,
  selectDetections,
  slidingWindows,
  windowScores,
} from "@pellucid/detection";
import {
  concat,
  reshape,
  slice,
  sub,
  type Tensor2D,
  tensor3d,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";

const side = 24; // of a window, in the classifier's pixels
const strideOfNet = 4;
const sizes = [24, 30, 38, 46]; // of windows, in the image's pixels

/** Crops of 1, a star that fills the window, and 0, anything else. */
function crops(scenes: ShapeScenes, rng: Rng): Dataset<{ x: Image; y: number }> {
  const items: { x: Image; y: number }[] = [];
  for (let i = 0; i < scenes.length; i++) {
    const scene = scenes.get(i);
    const [height, width] = scene.image.shape;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = scene.boxes.data;
    const draw = (least: number, most: number) =>
      rng.randint(least, Math.max(least, most) + 1, [1]).data[0] as number;
    const add = (left: number, top: number, size: number, y: number) => {
      const box = {
        left: Math.min(Math.max(left, 0), width - size),
        top: Math.min(Math.max(top, 0), height - size),
      };
      items.push({ x: resizeImage(cropScene(scene, { ...box, height: size, width: size }).image, side), y });
      return box;
    };
    const object = Math.min(Math.ceil(Math.max(x2 - x1, y2 - y1)), height, width);
    const [middleX, middleY] = [Math.round((x1 + x2) / 2), Math.round((y1 + y2) / 2)];
    for (let times = 0; times < 3; times++) {
      const size = Math.min(object + draw(0, 4), height);
      add(middleX - (size >> 1) + draw(-2, 2), middleY - (size >> 1) + draw(-2, 2), size, 1);
    }
    for (let times = 0; times < 9; times++) {
      const size = sizes[draw(0, sizes.length - 1)] as number;
      const [left, top] = [draw(0, width - size), draw(0, height - size)];
      const shared =
        Math.max(0, Math.min(x2, left + size) - Math.max(x1, left)) *
        Math.max(0, Math.min(y2, top + size) - Math.max(y1, top));
      const iou = shared / ((x2 - x1) * (y2 - y1) + size * size - shared);
      if (iou < 0.45) add(left, top, size, 0);
    }
  }
  return { length: items.length, get: (i) => items[i] as { x: Image; y: number } };
}

/** Without padding, so that a window's result does not depend on where its edges are. */
function classifier(rng: Rng) {
  const features = new Sequential(
    new Conv2d(3, 16, 5, { rng }),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(16, 24, 3, { rng }),
    new ReLU(),
    new MaxPool2d(2),
  );
  const head = new Sequential(new Linear(24 * 4 * 4, 48, { rng }), new ReLU(), new Linear(48, 2, { rng }));
  const convolutional = () => {
    const last = toFullyConvolutional(head.layers, [4, 4]);
    return {
      forward: (x: Tensor4D) => tidy(() => last.forward(features.forward(x))),
      dispose: () => last.dispose(),
    };
  };
  const flatten = new Flatten();
  const whole = {
    forward: (x: Tensor4D) => tidy(() => head.forward(flatten.forward(features.forward(x))) as Tensor2D),
  };
  return { model: new Sequential(features, flatten, head), whole, convolutional };
}

/** Trains the classifier, finds stars in unseen images, and compares the two ways to slide. */
export async function main({ train = 300, test = 60, epochs = 12 } = {}) {
  const stars = shapeScenes({ seed: 0, size: 64, train, test, classes: ["star"], objects: [1, 1] });
  const rng = new Rng(0);
  const { model, whole, convolutional } = classifier(rng);
  const data = batches(crops(stars.train, rng), { size: 32, shuffle: true, rng });
  for await (const _ of fit(model, data, {
    loss: crossEntropy,
    optimizer: adam({ learningRate: 2e-3 }),
    epochs,
    logEvery: 1000,
  }));

  const metric = new MeanAveragePrecision();
  for (let i = 0; i < stars.test.length; i++) {
    const scene = stars.test.get(i);
    const found = everyWindow(whole, scene.image);
    const [detections] = await selectDetections(found, { scoreThreshold: 0.5, iouThreshold: 0.3 });
    metric.update(detections ?? { boxes: [], scores: [], labels: [] }, scene);
    found.boxes.dispose();
    found.scores.dispose();
  }

  const { data: pixels, shape } = stars.test.get(0).image;
  const image = tensor3d(pixels, [...shape]);
  const windows = slidingWindows([64, 64], side, { stride: strideOfNet });
  const once = convolutional();
  const [one, each] = [
    () => convolutionalWindowScores(once, image, windows),
    () => windowScores(whole, image, windows),
  ];
  const difference = await largestDifference(one(), each());
  return { ...metric.compute(), difference, seconds: { one: await timed(one), each: await timed(each) } };
}

/** What the classifier says of all windows of all sizes: `[1, window, 4]`, and of the star alone `[1, window, 1]`. */
function everyWindow(model: Layer<Tensor4D, Tensor2D>, { data, shape }: Image): Decoded {
  return tidyLeaves(() => {
    const image = tensor3d(data, [...shape]);
    const parts = sizes.map((size) => {
      const windows = slidingWindows([shape[0], shape[1]], size, { stride: strideOfNet });
      const scores = softmax(windowScores(model, image, windows, { inputSize: [side, side] })); // [window, 2]
      const count = windows.boxes.length / 4;
      return {
        boxes: tensor3d(windows.boxes, [1, count, 4]),
        scores: reshape(slice(scores, [0, 1], [count, 1]), [1, count, 1]),
      };
    });
    return {
      boxes: concat(
        parts.map(({ boxes }) => boxes),
        1,
      ),
      scores: concat(
        parts.map(({ scores }) => scores as Tensor3D),
        1,
      ),
    };
  });
}

async function largestDifference(a: Tensor2D, b: Tensor2D): Promise<number> {
  const difference = tidy(() => amax(abs(sub(a, b))));
  const [largest = NaN] = await difference.data();
  for (const tensor of [a, b, difference]) tensor.dispose();
  return largest;
}

/** Seconds, the second time. */
async function timed(run: () => Tensor2D): Promise<number> {
  let began = 0;
  for (let times = 0; times < 2; times++) {
    began = performance.now();
    const scores = run();
    await scores.data();
    scores.dispose();
  }
  return (performance.now() - began) / 1000;
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const { map50, difference, seconds } = await main();
  console.log(`Stars in 60 unseen images: average precision ${map50.toFixed(3)} at an IoU of 0.5.`);
  console.log(
    `One convolutional run and 121 windows differ by ${difference.toExponential(1)}, and take ${seconds.one.toFixed(3)} and ${seconds.each.toFixed(3)} seconds.`,
  );
}
