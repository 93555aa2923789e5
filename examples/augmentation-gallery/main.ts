// Every augmentation on one picture: what a net gets to see instead of it, so that it learns what does not matter.
import { writeFile } from "node:fs/promises";
import {
  type Augmentation,
  colorJitter,
  compose,
  cutMix,
  cutout,
  elasticTransform,
  type HostTensor,
  type Image,
  type LabeledBatch,
  mixUp,
  padImage,
  pcaColor,
  randomAffine,
  randomCrop,
  randomErasing,
  randomHorizontalFlip,
  randomPerspective,
  randomResizedCrop,
  randomRotation,
  randomVerticalFlip,
  Rng,
} from "@pellucid/core-train";
import { encodeImage, makeGrid } from "@pellucid/core-train/tensorboard";
import { shapeImages } from "@pellucid/datasets";

/** What changes one image, in the order of the sheet, after the image as it is. */
const augmentations: Readonly<Record<string, Augmentation>> = {
  mirror: randomHorizontalFlip({ p: 1 }),
  "upside down": randomVerticalFlip({ p: 1 }),
  "random crop": randomCrop(64, { padding: 16 }),
  "resized crop": randomResizedCrop(64),
  rotation: randomRotation(40),
  shear: randomAffine(0, { shear: 30 }),
  perspective: randomPerspective({ p: 1 }),
  "elastic warp": elasticTransform({ alpha: 150 }),
  "color jitter": colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.3 }),
  "PCA color": pcaColor({ std: 3 }),
  "random erasing": randomErasing({ p: 1, value: "random" }),
  cutout: cutout(24),
  "several at once": compose(
    randomHorizontalFlip(),
    randomRotation(20),
    colorJitter({ hue: 0.5 }),
    cutout(16),
  ),
};

/** What mixes an image with another one, and the labels alike. */
const mixtures = { mixup: mixUp({ alpha: 1, classes: 3 }), cutmix: cutMix({ alpha: 1, classes: 3 }) };

/** The pictures by name, all of the same image, and what became of its label where it was mixed. */
export function main({ seed = 1 } = {}) {
  const rng = new Rng(seed);
  const { train } = shapeImages({ seed, noise: 0 });
  const image: Image = train.get(0).x;
  const pictures = new Map<string, Image>([["as it is", image]]);
  for (const [name, augment] of Object.entries(augmentations)) pictures.set(name, augment(image, rng));

  const [first, second] = [train.get(0), train.get(1)];
  const batch: LabeledBatch = {
    x: { data: Float32Array.of(...first.x.data, ...second.x.data), shape: [2, ...image.shape] },
    y: { data: Int32Array.of(first.y, second.y), shape: [2] },
  };
  const labels = new Map<string, readonly number[]>();
  for (const [name, mix] of Object.entries(mixtures)) {
    const { x, y } = mix(batch, rng);
    pictures.set(name, { data: x.data.slice(0, image.data.length), shape: image.shape });
    labels.set(name, Array.from(y.data.subarray(0, 3)));
  }
  return { pictures, labels };
}

/** The pictures side by side, in rows of eight, each in a white frame. */
export function sheetOf(pictures: Iterable<Image>): HostTensor {
  const framed = [...pictures].map((picture) =>
    padImage(picture, { top: 2, bottom: 2, left: 2, right: 2 }, { fill: 1 }),
  );
  const [height, width, channels] = framed[0]?.shape ?? [0, 0, 0];
  const data = Float32Array.from(framed.flatMap((picture) => [...picture.data]));
  return makeGrid({ data, shape: [framed.length, height, width, channels] });
}

if (import.meta.main) {
  const { pictures, labels } = main();
  const file = new URL("gallery.png", import.meta.url);
  await writeFile(file, encodeImage(sheetOf(pictures.values())).png);
  console.log(`gallery.png: ${[...pictures.keys()].join(", ")}`);
  for (const [name, shares] of labels)
    console.log(`${name}: the label is now ${shares.map((s) => s.toFixed(2)).join(", ")}`);
}
