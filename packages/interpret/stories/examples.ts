import type { Subject } from "./nets/subject.ts";

/** A picture of a story: numbers from 0 to 1. */
export interface Example {
  readonly pixels: Float32Array;
  /** Its class; `null` for one that a visitor brought. */
  readonly label: number | null;
  /** What a program is given for it: its index among the unseen pictures, or its numbers. */
  readonly picture: number | readonly number[];
}

/** The first unseen picture of each class. */
export async function examples({ unseen, classes, shape }: Subject): Promise<Example[]> {
  const { images, labels } = await unseen();
  const size = shape[0] * shape[1] * shape[2];
  return classes.map((_, label) => {
    const at = labels.data.indexOf(label);
    const pixels = Float32Array.from(images.data.subarray(size * at, size * (at + 1)));
    return { pixels, label, picture: at };
  });
}

/** A picture that a visitor brought. */
export function ownExample(pixels: Float32Array): Example {
  const picture = Array.from(pixels, (v) => Number(v.toFixed(3))); // short enough to be read in a program
  return { pixels: Float32Array.from(picture), label: null, picture };
}

/** A file's colors or its brightness, at the net's size; its middle square, if it is not square. */
export async function fromFile(file: Blob, [height, width, colors]: Subject["shape"]): Promise<Float32Array> {
  const whole = await createImageBitmap(file);
  const side = Math.min(whole.width, whole.height);
  const [left, top] = [(whole.width - side) / 2, (whole.height - side) / 2];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser cannot read pictures here.");
  context.imageSmoothingQuality = "high";
  context.drawImage(whole, left, top, side, side, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const weights = [0.2126, 0.7152, 0.0722]; // ITU-R BT.709
  return Float32Array.from({ length: height * width * colors }, (_, i) => {
    const at = 4 * Math.floor(i / colors);
    if (colors === 3) return (data[at + (i % 3)] as number) / 255;
    return weights.reduce((sum, weight, color) => sum + (weight * (data[at + color] as number)) / 255, 0);
  });
}
