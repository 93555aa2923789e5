import { SqueezeNet } from "@pellucid/cnn";
import { Conv2d, type Layer, loadWeights, Rng, Sequential, withoutInit } from "@pellucid/core-train";
import { div, sub, tensor1d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import jpeg from "jpeg-js";
import { readFile } from "node:fs/promises";
import type { Picture } from "./clip.ts";
import type { Eye } from "./eye.ts";

/** A photograph at half of its size: each pixel is the mean of four. */
export async function photo(file: string): Promise<Picture> {
  const { data, width: wide, height: high } = jpeg.decode(await readFile(file), { useTArray: true });
  const [width, height] = [Math.floor(wide / 2), Math.floor(high / 2)];
  const values = new Float32Array(width * height * 3);
  const at = (x: number, y: number, c: number) => data[4 * (y * wide + x) + c] ?? NaN;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const four = [0, 1].flatMap((i) => [0, 1].map((j) => at(2 * x + i, 2 * y + j, c)));
        values[3 * (y * width + x) + c] = four.reduce((sum, value) => sum + value) / (4 * 255);
      }
  return { data: values, height, width };
}

/** A net of ImageNet as the eye: SqueezeNet 1.0, whose first convolutions say what a style is. */
export async function squeezeEye(file: string): Promise<Eye> {
  const net = withoutInit(() => new SqueezeNet("1.0", { rng: new Rng(0) }));
  loadWeights(net, await readFile(file));
  const stages = new Sequential<readonly Layer<Tensor4D, Tensor4D>[]>(
    ...(net.features.layers.slice(0, 6) as Layer<Tensor4D, Tensor4D>[]),
  );
  const [mean, deviation] = [tensor1d([0.485, 0.456, 0.406]), tensor1d([0.229, 0.224, 0.225])];
  const run = (images: Tensor4D) => tidy(() => stages.forward(div<Tensor4D>(sub(images, mean), deviation)));
  const convolution = (path: string): Conv2d => {
    const found = Array.from(net.namedModules()).find(([name]) => name === path)?.[1];
    if (found instanceof Conv2d) return found;
    throw new RangeError(`SqueezeNet has no ${path}.`);
  };
  const [stem, fire2, fire3, fire4] = ["0", "3.expand3x3", "4.expand3x3", "5.expand3x3"].map((path) =>
    convolution(`features.${path}`),
  ) as [Conv2d, Conv2d, Conv2d, Conv2d];
  return { run, styleLayers: [stem, fire2, fire3, fire4], contentLayer: fire3 };
}
