import { checkOptions, checkRng, permute, type Rng } from "@pellucid/core-train";
import { LabeledImages } from "../labeled-images.ts";

export interface RandomImagesOptions {
  readonly rng: Rng;
  readonly length: number;
  /** Default: `[28, 28, 1]`. */
  readonly shape?: readonly [height: number, width: number, channel: number];
  /** How many classes. Default: 10. */
  readonly classes?: number;
}

/**
 * Noise with random labels, to try a model or a loop on: `torch.randn(length, channel, height, width)`, then
 * `torch.randint(0, classes, (length,))`. A loop that draws a batch at a time calls this once for each.
 */
export function randomImages(options: RandomImagesOptions): LabeledImages<Float32Array> {
  checkOptions("randomImages", options, ["rng", "length", "shape", "classes"]);
  checkRng("randomImages", options);
  const { rng, length, shape = [28, 28, 1], classes = 10 } = options;
  const [height, width, channel] = shape;
  const { data: images } = permute(rng.randn([length, channel, height, width]), [0, 2, 3, 1]);
  const { data: labels } = rng.randint(0, classes, [length]);
  return new LabeledImages(
    { data: images, shape: [length, ...shape] },
    { data: labels, shape: [length] },
    {
      name: "noise",
      classes: Array.from({ length: classes }, (_, i) => String(i)),
      max: 1,
      mean: new Array<number>(channel).fill(0),
      std: new Array<number>(channel).fill(1),
    },
  );
}
