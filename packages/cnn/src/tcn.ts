import {
  checkProbabilities,
  checkRng,
  checkSizeArray,
  checkSizes,
  Conv1d,
  Dropout,
  type HasTorchLayout,
  init,
  initialize,
  type Layer,
  Module,
  relu,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { WeightNormConv1d } from "./weight-norm-conv1d.ts";

/** Options for {@link TemporalConvNet}. */
export interface TemporalConvNetOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** The size of each filter, in time steps. Default: 2. */
  readonly kernelSize?: number;
  /** Probability of dropout after each convolution. Default: 0.2. */
  readonly dropout?: number;
}

/** Two causal convolutions with a shortcut. Bai et al., figure 1b. */
export class TemporalBlock extends Module implements Layer<Tensor3D, Tensor3D>, HasTorchLayout {
  readonly conv1: WeightNormConv1d;
  readonly dropout1: Dropout;
  readonly conv2: WeightNormConv1d;
  readonly dropout2: Dropout;
  readonly downsample: Conv1d | null;

  constructor(
    nInputs: number,
    nOutputs: number,
    kernelSize: number,
    dilation: number,
    options: { readonly rng: Rng; readonly dropout: number },
  ) {
    super();
    checkRng("TemporalBlock", options);
    const { rng, dropout } = options;
    checkSizes("TemporalBlock", { nInputs, nOutputs, kernelSize, dilation });
    checkProbabilities("TemporalBlock", { dropout });
    this.conv1 = new WeightNormConv1d(nInputs, nOutputs, kernelSize, { rng, dilation });
    this.dropout1 = new Dropout(dropout, { rng });
    this.conv2 = new WeightNormConv1d(nOutputs, nOutputs, kernelSize, { rng, dilation });
    this.dropout2 = new Dropout(dropout, { rng });
    this.downsample = nInputs === nOutputs ? null : new Conv1d(nInputs, nOutputs, 1, { rng });
    if (this.downsample !== null) initialize(this.downsample, "weight", init.normal(0, 0.01), rng);
  }

  get torchLayout(): TorchLayout {
    return { conv1: { aliases: ["net.0"] }, conv2: { aliases: ["net.4"] } }; // the authors' files have each twice
  }

  /**
   * @param x `[batch, time, nInputs]`
   * @returns `[batch, time, nOutputs]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const first = this.dropout1.forward(relu(this.conv1.forward(x)));
      const second = this.dropout2.forward(relu(this.conv2.forward(first)));
      return relu(add(second, this.downsample === null ? x : this.downsample.forward(x)));
    });
  }
}

/**
 * A temporal convolutional network: blocks of doubling dilation, so that an output depends on `2 (kernelSize − 1)(2^blocks − 1)` earlier
 * time steps. It processes the whole sequence in one pass. Parameter names are those of the authors' code, `network.0.conv1.weight_g`, …; those of their
 * files, which have each a second time under `net`, and of PyTorch's newer weight norm are read too.
 *
 * Bai et al., 2018. An empirical evaluation of generic convolutional and recurrent networks. https://arxiv.org/abs/1803.01271.
 * The authors draw the filters from N(0, 0.01), which weight norm undoes at the first step; here they have PyTorch's default.
 */
export class TemporalConvNet extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly network: readonly TemporalBlock[];

  /** @param numChannels the width of each block */
  constructor(numInputs: number, numChannels: readonly number[], options: TemporalConvNetOptions) {
    super();
    checkRng("TemporalConvNet", options);
    const { rng, kernelSize = 2, dropout = 0.2 } = options;
    checkSizes("TemporalConvNet", { numInputs, kernelSize });
    checkSizeArray("TemporalConvNet", "numChannels", numChannels);
    checkProbabilities("TemporalConvNet", { dropout });
    this.network = numChannels.map((width, i) => {
      const inputs = numChannels[i - 1] ?? numInputs;
      return new TemporalBlock(inputs, width, kernelSize, 2 ** i, { rng, dropout });
    });
  }

  /** The number of earlier time steps that an output depends on. */
  get lookback(): number {
    return this.network.reduce((sum, { conv1, conv2 }) => sum + conv1.lookback + conv2.lookback, 0);
  }

  /**
   * @param x `[batch, time, numInputs]`
   * @returns `[batch, time, last of numChannels]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.network.reduce((maps, block) => block.forward(maps), x));
  }
}
