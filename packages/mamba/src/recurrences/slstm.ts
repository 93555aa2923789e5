import {
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkSizes,
  Conv1d,
  einsum,
  type HasTorchLayout,
  type HostTensor,
  headSize,
  init,
  initialized,
  layerNorm,
  mergeHeads,
  Module,
  type Parameter,
  type Rng,
  type Step,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  add,
  mul,
  ones,
  type Rank,
  reshape,
  stack,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  tidy,
  unstack,
  zeros,
} from "@tensorflow/tfjs-core";
import { causalWindow } from "../causal-window.ts";
import type { Mixer } from "../mixer.ts";
import { type SlstmMemory, slstmStep } from "./slstm-step.ts";
import { checkStep, stateOf, type StateShapes } from "../state-shapes.ts";

/** Options for {@link SLstm}. */
export interface SLstmOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Default: 4. */
  readonly numHeads?: number;
  /** The width of the convolution before the input and forget gates, in time steps. Default: 4. */
  readonly conv1dKernelSize?: number;
  /** Added to the variance in the norm. Default: 1e-5. */
  readonly normEps?: number;
  /** How deep the layer is in its model, from 0 for the first to 1 for the last: later layers forget faster at first. Default: 0. */
  readonly depth?: number;
}

/** The state of an {@link SLstm}: the last inputs of the convolution, and the memory of each feature. */
export type SLstmState = SlstmMemory & {
  /** `[batch, width − 1, dModel]` */
  readonly conv: Tensor3D;
};

/**
 * The layer of xLSTM whose memory is a number for each feature: exponential gates, which read the last output of their head, so that it is computed a time step at a time; see {@link slstmStep}.
 * A causal convolution before the input and forget gates, and a norm of each head.
 *
 * Names, defaults and the distributions of initial weights are those of `sLSTMLayer` in NX-AI's `xlstm`, whose cell has `recurrent_kernel` `[head, in, gate, out]` and `bias` `[head, gate, out]`. As in its `forward`,
 * the projection called `fgate` gives the input gate, and `igate` the forget gate; its `step` exchanges the two.
 *
 * Beck et al., 2024, section 2.2 and appendix A.2. https://arxiv.org/abs/2405.04517
 *
 * @throws OptionError for sizes that `numHeads` does not divide
 */
export class SLstm extends Module implements Mixer<SLstmState>, HasTorchLayout {
  readonly dModel: number;
  readonly numHeads: number;
  readonly conv1d: Conv1d;
  readonly fgate: HeadwiseProjection;
  readonly igate: HeadwiseProjection;
  readonly zgate: HeadwiseProjection;
  readonly ogate: HeadwiseProjection;
  readonly slstmCell: Cell;
  readonly groupNorm: HeadNorm;

  constructor(dModel: number, options: SLstmOptions) {
    super();
    const caller = "SLstm";
    checkRng(caller, options);
    checkOptions(caller, options, ["rng", "numHeads", "conv1dKernelSize", "normEps", "depth"]);
    const { rng, numHeads = 4, conv1dKernelSize = 4, normEps = 1e-5, depth = 0 } = options;
    checkSizes(caller, { dModel, numHeads, conv1dKernelSize });
    checkPositive(caller, { normEps });
    checkProbabilities(caller, { depth });
    const size = headSize(caller, dModel, numHeads);
    this.dModel = dModel;
    this.numHeads = numHeads;
    this.conv1d = new Conv1d(dModel, dModel, conv1dKernelSize, { rng, groups: dModel });
    this.fgate = new HeadwiseProjection(numHeads, size, rng);
    this.igate = new HeadwiseProjection(numHeads, size, rng);
    this.zgate = new HeadwiseProjection(numHeads, size, rng);
    this.ogate = new HeadwiseProjection(numHeads, size, rng);
    this.slstmCell = new Cell(numHeads, size, depth);
    this.groupNorm = new HeadNorm(dModel, normEps);
  }

  get torchLayout(): TorchLayout {
    return { conv1d: { name: "conv1d.conv" } };
  }

  initialState(batch: number): SLstmState {
    return stateOf<SLstmState>(batch, this.#stateShapes(), { m: -1e30 });
  }

  /**
   * @param x `[batch, time, dModel]`
   * @returns `[batch, time, dModel]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.step(x, this.initialState(x.shape[0])).output);
  }

  step(x: Tensor3D, state: SLstmState): Step<Tensor3D, SLstmState> {
    checkStep(`SLstm(${this.dModel})`, x, this.dModel, state, this.#stateShapes());
    const { conv: before, ...first } = state;
    return tidy(() => {
      const { recurrentKernel, bias } = this.slstmCell;
      const conv = causalWindow(this.conv1d, x, before);
      const gates = stack(
        [
          this.fgate.forward(conv.output),
          this.igate.forward(conv.output),
          this.zgate.forward(x),
          this.ogate.forward(x),
        ],
        3,
      ) as Tensor5D; // [batch, time, head, gate, feature]
      let memory: SlstmMemory = first;
      const outputs = unstack(add<Tensor5D>(gates, bias), 1).map((given) => {
        const recurrent = einsum<Tensor4D>("bhi,higo->bhgo", memory.y, recurrentKernel);
        memory = slstmStep(add(recurrent, given), memory);
        return memory.y;
      });
      const y = stack(outputs, 2) as Tensor4D; // [batch, head, time, feature]
      return { output: this.groupNorm.forward(y), state: { conv: conv.state, ...memory } };
    });
  }

  #stateShapes(): StateShapes<SLstmState> {
    const { dModel, numHeads } = this;
    const shape = [numHeads, dModel / numHeads];
    return { conv: [(this.conv1d.kernelSize[0] ?? NaN) - 1, dModel], y: shape, c: shape, n: shape, m: shape };
  }
}

/** A projection of the features of each head by themselves. */
class HeadwiseProjection extends Module {
  /** `[head, out, in]` */
  readonly weight: Parameter<Rank.R3>;

  constructor(heads: number, size: number, rng: Rng) {
    super();
    this.weight = initialized([heads, size, size], init.normal(0, Math.sqrt(2 / 5 / size)), rng);
  }

  /**
   * @param x `[batch, time, head · feature]`
   * @returns `[batch, time, head, feature]`
   */
  forward(x: Tensor3D): Tensor4D {
    const [heads, , size] = this.weight.shape;
    const parts = reshape<Rank.R4>(x, [x.shape[0], x.shape[1], heads, size]);
    return einsum("bthi,hoi->btho", parts, this.weight);
  }
}

/** What the gates of a head add for its last output, and their biases. */
class Cell extends Module {
  /** `[head, in, gate, out]`, initially 0. */
  readonly recurrentKernel: Parameter<Rank.R4>;
  /** `[head, gate, out]`, initially 0 but for the forget gate's. */
  readonly bias: Parameter<Rank.R3>;

  constructor(heads: number, size: number, depth: number) {
    super();
    this.recurrentKernel = initialized([heads, size, 4, size], init.zeros());
    this.bias = initialized([heads, 4, size], (shape) => forgetting(shape, depth));
  }
}

/** From 5 for the first feature of a head, which lasts, to −7 for the last. */
function forgetting(shape: readonly number[], depth: number): HostTensor<Float32Array> {
  const [heads = 0, gates = 0, size = 0] = shape;
  const data = new Float32Array(heads * gates * size);
  for (let head = 0; head < heads; head++)
    for (let k = 0; k < size; k++)
      data[(head * gates + 1) * size + k] = 5 - 12 * (k / Math.max(size - 1, 1)) ** (0.3 + 1.3 * depth);
  return { data, shape };
}

/** A layer norm of the features of each head, times `1 + weight`. */
class HeadNorm extends Module {
  readonly eps: number;
  /** `[head · feature]`, initially 0. */
  readonly weight: Parameter<Rank.R1>;

  constructor(features: number, eps: number) {
    super();
    this.eps = eps;
    this.weight = initialized([features], init.zeros());
  }

  /**
   * @param x `[batch, head, time, feature]`
   * @returns `[batch, time, head · feature]`
   */
  forward(x: Tensor4D): Tensor3D {
    const width = x.shape[3];
    return mul(mergeHeads(layerNorm(x, ones([width]), zeros([width]), this.eps)), add(this.weight, 1));
  }
}
