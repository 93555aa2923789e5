import {
  type Buffer,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  DataError,
  type Layer,
  linear,
  matMul,
  Module,
  type Parameter,
  relu,
  type Rng,
  RNN,
  stateBuffer,
} from "@pellucid/core-train";
import {
  add,
  clone,
  eye,
  mul,
  type Rank,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor2d,
  tidy,
  unstack,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkPerNeuron, perNeuron, type PerNeuron } from "./per-neuron.ts";
import { atanSurrogate, type Surrogate } from "./surrogate.ts";

/** Options for {@link LeakyParallel}. */
export interface LeakyParallelOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How much of a membrane is left after a time step, clamped between 0 and 1. Default: drawn as PyTorch draws the weights of an RNN. */
  readonly beta?: PerNeuron;
  /** Whether what is left is trained. Default: false. */
  readonly learnBeta?: boolean;
  /** Whether membranes reach other neurons, by a whole matrix. Default: false. */
  readonly weightHhEnable?: boolean;
  /** Whether to add biases. Default: true. */
  readonly bias?: boolean;
  /** The membrane above which a neuron spikes. Default: 1. */
  readonly threshold?: PerNeuron;
  /** Whether the threshold is trained. Default: false. */
  readonly learnThreshold?: boolean;
  /** What a spike is worth. Default: 1. */
  readonly gradedSpikesFactor?: PerNeuron;
  /** Whether that is trained. Default: false. */
  readonly learnGradedSpikesFactor?: boolean;
  /** The gradient of a spike with respect to the membrane. Default: `atanSurrogate()`. */
  readonly spikeGrad?: Surrogate;
}

/**
 * Leaky neurons without a reset, with the weights of their inputs, as an RNN with ReLU: the inputs of all time steps are one matrix product.
 *
 *     mem ← relu(x W + b + β mem + b′),   spike = mem > threshold
 *
 * Membranes are never below 0. The rules, names and initial weights are those of snntorch's `LeakyParallel`; its sequences have time first. Unlike there, one β for each neuron is the diagonal; there it is refused.
 */
export class LeakyParallel extends Module implements Layer<Tensor3D, Tensor3D> {
  /** The weights: `weight_ih_l0`, …. Unless `weightHhEnable` is set, only the diagonal of `weight_hh_l0` counts. */
  readonly rnn: RNN;
  /** What β was at the start, `[1]` or `[hidden]`; it is stored, and the diagonal decides. */
  readonly beta: Buffer<Rank.R1> | null;
  readonly threshold: Parameter | Buffer;
  readonly gradedSpikesFactor: Parameter | Buffer;
  readonly weightHhEnable: boolean;
  readonly spikeGrad: Surrogate;

  constructor(inputSize: number, hiddenSize: number, options: LeakyParallelOptions) {
    super();
    checkRng("LeakyParallel", options);
    checkOptions("LeakyParallel", options, [
      "rng",
      "beta",
      "learnBeta",
      "weightHhEnable",
      "bias",
      "threshold",
      "learnThreshold",
      "gradedSpikesFactor",
      "learnGradedSpikesFactor",
      "spikeGrad",
    ]);
    checkSizes("LeakyParallel", { inputSize, hiddenSize });
    const { rng, beta, bias = true, threshold = 1, gradedSpikesFactor = 1 } = options;
    const { weightHhEnable = false, spikeGrad = atanSurrogate() } = options;
    if (beta !== undefined) checkPerNeuron("LeakyParallel", "beta", beta, hiddenSize);
    checkPerNeuron("LeakyParallel", "threshold", threshold, hiddenSize);
    checkPerNeuron("LeakyParallel", "gradedSpikesFactor", gradedSpikesFactor, hiddenSize);
    this.weightHhEnable = weightHhEnable;
    this.spikeGrad = spikeGrad;
    this.rnn = new RNN(inputSize, hiddenSize, { rng, bias, nonlinearity: "relu" });
    const betas = beta === undefined ? null : [beta].flat().map((value) => Math.min(Math.max(value, 0), 1));
    this.beta =
      betas === null ? null : stateBuffer({ data: Float32Array.from(betas), shape: [betas.length] });
    this.#start(betas);
    this.#weights.weightHh.trainable = options.learnBeta ?? false;
    this.threshold = perNeuron(threshold, options.learnThreshold ?? false);
    this.gradedSpikesFactor = perNeuron(gradedSpikesFactor, options.learnGradedSpikesFactor ?? false);
  }

  /**
   * @param x `[batch, time, in]`
   * @returns spikes, `[batch, time, hidden]`
   * @throws {DataError} If there is no time step.
   */
  forward(x: Tensor3D): Tensor3D {
    const { inputSize, hiddenSize } = this.rnn;
    const caller = `LeakyParallel(${inputSize}, ${hiddenSize})`;
    checkShape(caller, "x", x, ["batch", "time", inputSize]);
    if (x.shape[1] === 0) throw new DataError(`${caller}: x has no time steps, expected one or more.`);
    const { weightIh, weightHh, biasIh, biasHh } = this.#weights;
    return tidy(() => {
      const bias = biasIh === null || biasHh === null ? null : add<Tensor>(biasIh, biasHh);
      const currents = unstack(bias === null ? linear(x, weightIh) : linear(x, weightIh, bias as never), 1);
      const decay = this.weightHhEnable ? null : sum(mul(weightHh, eye(hiddenSize)), 0); // [hidden]
      let mem: Tensor2D = zeros([x.shape[0], hiddenSize]);
      const membranes = currents.map((current) => {
        const left = decay === null ? matMul(mem, weightHh) : mul<Tensor2D>(mem, decay);
        mem = relu(add<Tensor2D>(current, left)); //                     [batch, hidden]
        return mem;
      });
      const spikes = this.spikeGrad(sub(stack(membranes, 1), this.threshold)); // [batch, time, hidden]
      return mul<Tensor3D>(spikes, this.gradedSpikesFactor);
    });
  }

  get #weights() {
    return this.rnn.directions[0] as (typeof this.rnn.directions)[number];
  }

  /** Puts β into the matrix, of which the rest is 0 unless it is enabled; there, like in snntorch, β fills it. */
  #start(betas: readonly number[] | null): void {
    const { weightHh } = this.#weights;
    const { hiddenSize } = this.rnn;
    tidy(() => {
      const filled =
        betas === null
          ? clone(weightHh)
          : tensor2d(
              Float32Array.from(
                { length: hiddenSize ** 2 },
                (_, i) => (betas.length === 1 ? betas[0] : betas[i % hiddenSize]) ?? NaN,
              ),
              [hiddenSize, hiddenSize],
            );
      weightHh.assign((this.weightHhEnable ? filled : mul(filled, eye(hiddenSize))) as Parameter<Rank.R2>);
    });
  }
}
