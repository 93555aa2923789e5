import {
  checkRng,
  checkSizes,
  Conv2d,
  type Layer,
  Linear,
  Module,
  OptionError,
  type Parameter,
  type Rng,
  type TorchLayout,
  type HasTorchLayout,
} from "@pellucid/core-train";
import { mul, type Tensor } from "@tensorflow/tfjs-core";
import { checkPerNeuron, perNeuron, type PerNeuron } from "./per-neuron.ts";

/** Options for what carries spikes back to the neurons of their own layer. */
export interface RecurrentSpikesOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether each neuron gets the spikes of all, by a linear layer or a convolution, or its own only. Default: true. */
  readonly allToAll?: boolean;
  /** The weight of own spikes, where `allToAll` is false. Default: 1. */
  readonly v?: PerNeuron;
  /** The size of the window of the convolution, for neurons `[height, width, channel]`; odd. */
  readonly kernelSize?: number;
  /** Whether these weights are trained. Default: true. */
  readonly learnRecurrent?: boolean;
}

/** The names of {@link RecurrentSpikesOptions}. */
export const recurrentOptions = ["rng", "allToAll", "v", "kernelSize", "learnRecurrent"] as const;

/** Own spikes, weighted. */
export class RecurrentOneToOne extends Module implements Layer<Tensor, Tensor>, HasTorchLayout {
  readonly v: Parameter;

  constructor(v: Parameter) {
    super();
    this.v = v;
  }

  get torchLayout(): TorchLayout {
    return { v: { name: "V" } };
  }

  forward<X extends Tensor>(spikes: X): X {
    return mul(spikes, this.v);
  }
}

/** Checks the options, and makes the layer that they describe. */
export function recurrentSpikes(
  caller: string,
  size: number | readonly number[],
  options: RecurrentSpikesOptions,
): () => { recurrent: Module & Layer<Tensor, Tensor>; v: Parameter | null } {
  checkRng(caller, options);
  const { rng, allToAll = true, v = 1, kernelSize, learnRecurrent = true } = options;
  const sizes = [size].flat();
  checkPerNeuron(caller, "v", v, sizes.at(-1) ?? 0);
  if (kernelSize !== undefined) checkSizes(caller, { kernelSize });
  if (kernelSize !== undefined && kernelSize % 2 === 0)
    throw new OptionError(caller, "kernelSize", kernelSize, "an odd number");
  const isImage = sizes.length === 3;
  if (allToAll && sizes.length !== 1 && !(isImage && kernelSize !== undefined))
    throw new OptionError(
      caller,
      "size",
      `[${sizes.join(", ")}]`,
      "one number; or [height, width, channel] with a kernelSize",
    );
  if (kernelSize !== undefined && !isImage)
    throw new OptionError(caller, "kernelSize", kernelSize, "none, except for [height, width, channel]");
  return () => {
    if (!allToAll) {
      const weight = perNeuron(v, true);
      weight.trainable = learnRecurrent;
      return { recurrent: new RecurrentOneToOne(weight), v: weight };
    }
    const channels = sizes.at(-1) ?? NaN;
    const layer =
      kernelSize === undefined
        ? new Linear(channels, channels, { rng })
        : new Conv2d(channels, channels, kernelSize, { rng, padding: (kernelSize - 1) / 2 });
    for (const [, parameter] of layer.namedParameters()) parameter.trainable = learnRecurrent;
    return { recurrent: layer as Module & Layer<Tensor, Tensor>, v: null };
  };
}
