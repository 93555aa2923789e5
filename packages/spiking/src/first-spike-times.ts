import { amin, checkShape, defineOp } from "@pellucid/core-train";
import {
  add,
  cast,
  equal,
  expandDims,
  mul,
  neg,
  range,
  reshape,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";

const op = defineOp({
  name: "PellucidFirstSpikeTimes",
  inputs: { spikes: "float32[batch, time, neuron]" },
  reference: ({ spikes }): Tensor2D => {
    const [, time] = spikes.shape;
    const steps = reshape(range(0, time), [1, time, 1]);
    const silent = sub(1, cast(equal(spikes, 0), "float32")); // 1 where there is a spike
    const times = add(mul(silent, steps), mul(sub(1, silent), time - 1));
    return amin(times, 1) as Tensor2D;
  },
  gradient: (dy, { spikes }, _, y) => ({
    spikes: (): Tensor => {
      const steps = reshape(range(0, spikes.shape[1]), [1, spikes.shape[1], 1]);
      const isFirst = cast(equal(steps, expandDims(y, 1)), "float32"); // [batch, time, neuron]
      return mul(neg(expandDims(dy, 1)), isFirst);
    },
  }),
});

/**
 * The time step of each neuron's first spike; the last one for neurons that do not spike.
 *
 * Time steps have no derivative; in its stead a spike's is −1 at the time found, since a higher membrane spikes earlier. As in snntorch's temporal losses.
 *
 * @param spikes `[batch, time, neuron]`
 * @returns `[batch, neuron]`
 */
export function firstSpikeTimes(spikes: Tensor): Tensor2D {
  checkShape("firstSpikeTimes", "spikes", spikes, ["batch", "time", "neuron"]);
  return op({ spikes: spikes as Tensor3D }, {});
}
