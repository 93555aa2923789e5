import {
  checkNotNegative,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Module,
  OptionError,
  type Rng,
  type Step,
} from "@pellucid/core-train";
import {
  add,
  concat,
  mul,
  reshape,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import type { DiffusionSamplerOptions, GaussianDiffusion } from "../diffusion/gaussian-diffusion.ts";
import { drawSamples } from "../sampler/draw-samples.ts";
import { EachExample } from "../sampler/each-example.ts";
import { randomTensor } from "../sampler/random-tensor.ts";

/** Options for {@link DiffusionWorld}. */
export interface DiffusionWorldOptions {
  /** How many earlier frames the next one is made from. Default: 3. */
  readonly history?: number;
  /** The highest standard deviation of noise on the earlier frames in training, so that errors of a dream do not grow. Default: 0.2. */
  readonly historyNoise?: number;
}

/** Recorded play. */
export interface Play {
  /** The earlier frames, oldest first, and the next one at the end: `[batch, history + 1, height, width, channel]`. */
  readonly frames: Tensor;
  /** What was done before the last frame, `[batch]`. */
  readonly actions: Tensor1D;
}

/** The frames that a dream continues, oldest first: `[batch, height, width, history · channel]`. */
export interface WorldState {
  readonly frames: Tensor4D;
}

/**
 * A game inside a network: the next frame is drawn from noise, given the last frames and an action, and becomes one of the last frames.
 *
 * Valevski et al., 2024: GameNGen. https://arxiv.org/abs/2408.14837
 *
 * The network is a {@link Unet} with a `context` of `history · channels` channels, and the actions as its classes.
 */
export class DiffusionWorld extends Module {
  readonly diffusion: GaussianDiffusion;
  readonly history: number;
  readonly historyNoise: number;

  constructor(diffusion: GaussianDiffusion, options: DiffusionWorldOptions = {}) {
    super();
    checkOptions("DiffusionWorld", options, ["history", "historyNoise"]);
    const { history = 3, historyNoise = 0.2 } = options;
    checkSizes("DiffusionWorld", { history });
    checkNotNegative("DiffusionWorld", { historyNoise });
    this.diffusion = diffusion;
    this.history = history;
    this.historyNoise = historyNoise;
  }

  /**
   * The loss of a batch of recorded play. Call it within `trainStep`.
   *
   * @returns one number
   */
  loss({ frames, actions }: Play, { rng }: { readonly rng: Rng }): Tensor {
    checkRng("DiffusionWorld.loss", { rng });
    checkShape("DiffusionWorld", "frames", frames, ["batch", this.history + 1, "height", "width", "channel"]);
    const [batch = 1, time = 1, height = 1, width = 1, channels = 1] = frames.shape;
    return tidy(() => {
      const earlier = slice(frames, [0, 0, 0, 0, 0], [batch, time - 1, height, width, channels]);
      const context = stacked(earlier); // [batch, height, width, history · channel]
      const next = reshape(slice(frames, [0, time - 1, 0, 0, 0], [batch, 1, height, width, channels]), [
        batch,
        height,
        width,
        channels,
      ]);
      const levels = EachExample.draw(() => rng.rand([batch]).data).map((u) => u * this.historyNoise);
      const noisy = add(context, mul(randomTensor(context.shape, rng), levels.tensor(4)));
      return this.diffusion.loss(next, { rng, condition: { context: noisy, classes: actions } });
    });
  }

  /**
   * The state of a dream that continues real frames.
   *
   * @param frames oldest first, `[batch, history, height, width, channel]`
   */
  initialState(frames: Tensor): WorldState {
    checkShape("DiffusionWorld", "frames", frames, ["batch", this.history, "height", "width", "channel"]);
    return { frames: tidy(() => stacked(frames)) };
  }

  /**
   * Dreams the next frame. The previous state is the caller's to free.
   *
   * @param actions `[batch]`
   * @returns the frame, `[batch, height, width, channel]`, and the state with it
   */
  async step(
    actions: Tensor1D,
    { frames }: WorldState,
    options: Omit<DiffusionSamplerOptions, "condition"> & { readonly rng: Rng },
  ): Promise<Step<Tensor4D, WorldState>> {
    checkRng("DiffusionWorld.step", options);
    const { rng, ...sampling } = options;
    const [batch, height, width, all] = frames.shape;
    checkShape("DiffusionWorld", "actions", actions, [batch]);
    if (all % this.history !== 0)
      throw new OptionError("DiffusionWorld", "state", `of ${all} channels`, `one of ${this.history} frames`);
    const channels = all / this.history;
    const condition = { context: frames, classes: actions };
    const shape = [batch, height, width, channels];
    const output = (await drawSamples(this.diffusion.sampler({ ...sampling, condition }), {
      shape,
      rng,
    })) as Tensor4D;
    const later = tidy(() => {
      const kept = slice(frames, [0, 0, 0, channels], [batch, height, width, all - channels]);
      return concat([kept, output], 3) as Tensor4D;
    });
    return { output, state: { frames: later } };
  }
}

/** `[batch, time, height, width, channel]` -> `[batch, height, width, time · channel]` */
function stacked(frames: Tensor): Tensor4D {
  const [batch = 1, time = 1, height = 1, width = 1, channels = 1] = frames.shape;
  return reshape(transpose(frames, [0, 2, 3, 1, 4]), [batch, height, width, time * channels]);
}
