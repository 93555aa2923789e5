import { checkShape, checkSizes, OptionError } from "@pellucid/core-train";
import { reshape, sum, type Tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** Options for codes by populations. */
export interface PopulationOptions {
  /** The number of classes, where several neurons stand for each: the first ones for the first class, and so on. Default: one neuron for each class. */
  readonly numClasses?: number;
}

/**
 * The number of spikes for each class.
 *
 * @param spikes `[batch, time, neuron]`
 * @returns `[batch, class]`
 */
export function spikeCounts(caller: string, spikes: Tensor, { numClasses }: PopulationOptions): Tensor2D {
  checkShape(caller, "spikes", spikes, ["batch", "time", "neuron"]);
  const [batch, , neurons] = (spikes as Tensor3D).shape;
  if (numClasses !== undefined) checkSizes(caller, { numClasses });
  if (numClasses !== undefined && neurons % numClasses !== 0)
    throw new OptionError(caller, "numClasses", numClasses, `a divisor of the number of neurons, ${neurons}`);
  return tidy(() => {
    const counts = sum<Tensor2D>(spikes, 1); // [batch, neuron]
    return numClasses === undefined ? counts : sum(reshape(counts, [batch, numClasses, -1]), 2);
  });
}
