import {
  avgPool2d,
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  maxPool2d,
  OptionError,
  type Rng,
  sigmoid,
  sizeAlong,
  tanh,
} from "@pellucid/core-train";
import { add, concat, mul, split, sub, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { type NeuronOptions, neuronOptions, SpikingNeuron } from "./spiking-neuron.ts";

/** Options for {@link SConv2dLSTM}. */
export interface SConv2dLSTMOptions extends NeuronOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The size of the images. */
  readonly size: readonly [height: number, width: number];
  /** Whether to add a bias. Default: true. */
  readonly bias?: boolean;
  /** The size of windows whose largest membrane spikes. Default: none. */
  readonly maxPool?: number;
  /** The size of windows whose mean membrane spikes. Default: none. */
  readonly avgPool?: number;
}

/** The state of {@link SConv2dLSTM}: the cell state and the hidden state, `[batch, height, width, out]` each. */
export type SConv2dLSTMState = { readonly syn: Tensor; readonly mem: Tensor };

/**
 * A convolutional long short-term memory whose hidden state is a membrane: it spikes above the threshold, after pooling where that is asked for.
 *
 *     i, f, o, g ← conv([x, mem]),   syn ← σ(f) syn + σ(i) tanh(g),   mem ← σ(o) tanh(syn) − reset · threshold,   spike = pool(mem) > threshold
 *
 * By default nothing is reset; a reset never touches `syn`. A hidden state is below 1, so that a threshold of 1 is never reached: choose a smaller one. The rules, names and initial weights are those of snntorch's
 * `SConv2dLSTM`, here with the size of the images, which is known there at the first input.
 *
 * Shi et al., 2015. Convolutional LSTM network. https://arxiv.org/abs/1506.04214
 *
 * @param kernelSize odd, so that membranes keep their size
 */
export class SConv2dLSTM extends SpikingNeuron<SConv2dLSTMState> {
  readonly conv: Conv2d;
  readonly maxPool: number | null;
  readonly avgPool: number | null;
  readonly #inputShape: readonly number[];

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: SConv2dLSTMOptions) {
    checkRng("SConv2dLSTM", options);
    checkOptions("SConv2dLSTM", options, [...neuronOptions, "rng", "size", "bias", "maxPool", "avgPool"]);
    const { rng, size, bias = true, maxPool, avgPool } = options;
    if (!Array.isArray(size) || size.length !== 2)
      throw new OptionError("SConv2dLSTM", "size", String(size), "the size of the images, [height, width]");
    const [height, width] = size;
    checkSizes("SConv2dLSTM", { inChannels, outChannels, kernelSize, "size[0]": height, "size[1]": width });
    if (kernelSize % 2 === 0) throw new OptionError("SConv2dLSTM", "kernelSize", kernelSize, "an odd number");
    for (const [name, window] of Object.entries({ maxPool, avgPool })) {
      if (window === undefined) continue;
      checkSizes("SConv2dLSTM", { [name]: window });
      if (window > Math.min(height, width))
        throw new OptionError("SConv2dLSTM", name, window, `at most the images' ${height} × ${width}`);
    }
    super("SConv2dLSTM", [height, width, outChannels], options, "none");
    this.#inputShape = [height, width, inChannels];
    this.maxPool = maxPool ?? null;
    this.avgPool = avgPool ?? null;
    this.conv = new Conv2d(inChannels + outChannels, 4 * outChannels, kernelSize, {
      rng,
      bias,
      padding: (kernelSize - 1) / 2,
    });
  }

  protected override get inputShape(): readonly number[] {
    return this.#inputShape;
  }

  initialState(batch: number): SConv2dLSTMState {
    return { syn: this.zeros(batch), mem: this.zeros(batch) };
  }

  protected override advance(x: Tensor, { syn, mem }: SConv2dLSTMState, reset: Tensor): SConv2dLSTMState {
    const gates = this.conv.forward(concat([x, mem], -1) as Tensor4D); //            [batch, height, width, 4 · out]
    const [input, forget, output, cell] = split(gates, 4, -1) as [Tensor4D, Tensor4D, Tensor4D, Tensor4D];
    const next = add(mul(sigmoid(forget), syn), mul(sigmoid(input), tanh(cell))); // [batch, height, width, out]
    const hidden = mul(sigmoid(output), tanh(next));
    if (this.resetMechanism === "none") return { syn: next, mem: hidden };
    const lost = this.resetMechanism === "zero" ? hidden : this.threshold;
    return { syn: next, mem: sub(hidden, mul(reset, lost)) };
  }

  /** The membranes that spike: pooled, `[..., height / window, width / window, out]`. */
  protected override exposed(mem: Tensor): Tensor {
    if (sizeAlong(mem, 0) === 0) return mem;
    if (this.maxPool !== null) return maxPool2d(mem as Tensor4D, this.maxPool);
    return this.avgPool === null ? mem : avgPool2d(mem as Tensor4D, this.avgPool);
  }
}
