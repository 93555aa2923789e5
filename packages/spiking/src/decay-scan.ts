import { AxisError, checkArguments } from "@pellucid/core-train";
import {
  add,
  concat,
  mul,
  ones,
  type Rank,
  reshape,
  slice,
  type Tensor,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";

/**
 * The recurrence `m[t] = β m[t − 1] + x[t]` for all time steps in `log2(time)` rounds: each round adds what is `2ⁱ` steps back, times `β` to that power
 * (Hillis and Steele, 1986). No power of β above 1 or below those of the recurrence occurs, so that nothing under- or overflows where `Σ x / βᵗ` would.
 *
 * @param x `[time, batch, ...neuron]`
 * @param beta 0 to 1, a number or `[neuron]`
 * @param initial `m` before the first time step, `[batch, ...neuron]`
 * @returns `[time, batch, ...neuron]`
 * @throws {AxisError} If there is no time step.
 */
export function decayScan(x: Tensor, beta: Tensor, initial: Tensor): Tensor {
  checkArguments("decayScan", { tensor: { x, beta, initial } });
  const time = x.shape[0] ?? 0;
  if (time === 0) throw new AxisError("decayScan: x has no time steps, expected one or more.");
  return tidy(() => {
    const first = add(slice(x, [0], [1]), mul(beta, reshape(initial, [1, ...initial.shape])));
    let m = time === 1 ? first : concat([first, slice(x, [1], [time - 1])], 0);
    let decay: Tensor = mul(beta, ones<Rank.R0>([]));
    for (let back = 1; back < time; back *= 2) {
      const earlier = slice(m, [0], [time - back]);
      const none = zerosLike(slice(m, [0], [back]));
      m = add(m, mul(decay, concat([none, earlier], 0)));
      decay = mul(decay, decay);
    }
    return m;
  });
}
