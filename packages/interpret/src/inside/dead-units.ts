import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * Channels that are never above 0, at any place of any example: behind a ReLU they learn nothing any more. Of the examples given; others may
 * wake them.
 *
 * @param activations `[batch, …, channel]`
 * @returns their numbers
 */
export async function deadUnits(activations: Tensor): Promise<number[]> {
  const channels = activations.shape.at(-1) as number;
  const alive = new Uint8Array(channels);
  const values = await activations.data();
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > 0) alive[i % channels] = 1;
  return Array.from(alive.keys()).filter((channel) => alive[channel] === 0);
}
