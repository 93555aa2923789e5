import {
  adam,
  checkArguments,
  checkOptions,
  checkRng,
  matMul,
  Module,
  Optimizer,
  type Parameter,
  parameter,
  type Rng,
  sigmoid,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import {
  mul,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
  transpose,
  reshape,
  add,
} from "@tensorflow/tfjs-core";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";
import { shiftImage } from "./shift-image.ts";

/** Options for {@link optimizeImage}. */
export interface OptimizeImageOptions extends Pick<RunOptions, "signal"> {
  readonly rng: Rng;
  /** Where it starts, `[batch, height, width, channel]`; or a shape, for noise. */
  readonly start: Tensor4D | readonly [batch: number, height: number, width: number, channel: number];
  /** Default: 200. */
  readonly steps?: number;
  /** Default: 0.05. */
  readonly learningRate?: number;
  /** What is changed: pixels, or waves, of which slow ones count more, so that there is less noise; waves start from noise. Default: `"pixels"`. */
  readonly basis?: "pixels" | "waves";
  /** How far the image is shifted at random before each look, which removes what depends on single pixels. Default: 0. */
  readonly jitter?: number;
  /** Whether numbers are kept between 0 and 1, by a sigmoid. Default: false. */
  readonly bounded?: boolean;
  /** After each step. `image` is borrowed. */
  readonly onStep?: (step: number, loss: number, image: Tensor4D) => void;
}

/**
 * The image that makes a loss small, by Adam on its pixels or waves: what a unit responds to most (`(x) => neg(score(x))` with {@link totalVariation}), an image
 * with given features ({@link featureDistance}), a texture or a style ({@link styleDistance}); sums of losses are losses.
 *
 * Waves: Olah, Mordvintsev and Schubert, 2017, https://distill.pub/2017/feature-visualization; here the cosine transform, each wave scaled by
 * `1 / max(frequency, 1 / size)`.
 *
 * @returns `[batch, height, width, channel]`
 */
export async function optimizeImage(
  loss: (image: Tensor4D) => Tensor,
  options: OptimizeImageOptions,
): Promise<Tensor4D> {
  checkArguments("optimizeImage", { function: { loss } });
  checkRng("optimizeImage", options);
  checkOptions("optimizeImage", options, [
    "rng",
    "start",
    "steps",
    "learningRate",
    "basis",
    "jitter",
    "bounded",
    "onStep",
    "signal",
  ]);
  const { rng, steps = 200, learningRate = 0.05, jitter = 0, signal, onStep } = options;
  checkCount("optimizeImage", "steps", steps, 0);
  checkCount("optimizeImage", "jitter", jitter, 0);
  const canvas = new Canvas(options);
  const optimizer = new Optimizer(adam({ learningRate }), trainable(canvas));
  try {
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      const shifts = (jitter === 0 ? [0, 0] : [...rng.randint(-jitter, jitter + 1, [2]).data]) as [
        number,
        number,
      ];
      const value = await trainStep(canvas, optimizer, () => {
        const image = canvas.image();
        return total(loss(jitter === 0 ? image : shiftImage(image, ...shifts)));
      });
      if (onStep !== undefined) {
        const image = tidy(() => canvas.image());
        onStep(step, value, image);
        image.dispose();
      }
      await yieldToEventLoop();
    }
    return tidy(() => canvas.image());
  } finally {
    optimizer.dispose();
    canvas.dispose();
  }
}

/** What is changed, and the image that it is. */
class Canvas extends Module {
  readonly values: Parameter;
  readonly #waves: readonly [Tensor2D, Tensor2D] | null;
  readonly #bounded: boolean;

  constructor({ rng, start, basis = "pixels", bounded = false }: OptimizeImageOptions) {
    super();
    const shape = "dataId" in start ? start.shape : start;
    const data =
      "dataId" in start
        ? Float32Array.from(start.dataSync())
        : rng.normal(shape, 0, basis === "waves" ? 0.5 : 0.01).data;
    this.#bounded = bounded;
    this.#waves = basis === "waves" ? [cosines(shape[1]), cosines(shape[2])] : null;
    const within = (v: number) => Math.min(0.999, Math.max(0.001, v));
    const inverse =
      bounded && "dataId" in start ? data.map((v) => Math.log(within(v) / (1 - within(v)))) : data;
    this.values = parameter({ data: inverse, shape: [...shape] });
  }

  /** `[batch, height, width, channel]`; to be called in a `tidy`. */
  image(): Tensor4D {
    const image = this.#waves === null ? add(this.values, 0) : fromWaves(this.values, this.#waves);
    return (this.#bounded ? sigmoid(image) : image) as Tensor4D;
  }

  override dispose(): void {
    super.dispose();
    for (const waves of this.#waves ?? []) waves.dispose();
  }
}

/** The cosine transform's waves as columns, slow ones larger: `[position, frequency]`. */
function cosines(size: number): Tensor2D {
  const waves = Float32Array.from({ length: size * size }, (_, i) => {
    const [position, frequency] = [Math.floor(i / size), i % size];
    const scale = Math.sqrt((frequency === 0 ? 1 : 2) / size) / Math.max(1, frequency) ** 0.5;
    return scale * Math.cos((Math.PI * (position + 0.5) * frequency) / size);
  });
  return tensor(waves, [size, size]) as Tensor2D;
}

function fromWaves(values: Tensor, [down, across]: readonly [Tensor2D, Tensor2D]): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = values.shape;
  const planes = reshape(transpose(values, [0, 3, 1, 2]), [batch * channels, height, width]);
  const columns = matMul(matMul(down, planes), across, false, true); // [batch · channel, height, width]
  return mul(
    transpose(reshape(columns, [batch, channels, height, width]), [0, 2, 3, 1]),
    Math.sqrt(height * width) / 4,
  );
}

/** Losses of several images are a sum: none of them sees the others. */
function total(loss: Tensor): Scalar {
  return sum(loss);
}
