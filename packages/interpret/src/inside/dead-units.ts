import { checkArguments, sizeAlong } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";

/**
 * Channels that are never above 0, at any position of any example given. Behind a ReLU such channels no longer learn; other examples may
 * activate them.
 *
 * @param activations `[batch, …, channel]`
 * @returns their indices
 */
export async function deadUnits(activations: Tensor): Promise<number[]> {
  checkArguments("deadUnits", { tensor: { activations } });
  const channels = sizeAlong(activations, -1);
  const alive = new Uint8Array(channels);
  const values = await activations.data();
  checkFinite("deadUnits", "activations", values, activations.shape, modelAdvice);
  for (let i = 0; i < values.length; i++) if ((values[i] ?? NaN) > 0) alive[i % channels] = 1;
  return Array.from(alive.keys()).filter((channel) => alive[channel] === 0);
}
