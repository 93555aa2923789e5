import { type Buffer, stateBuffer } from "@pellucid/core-train";
import type { Rank } from "@tensorflow/tfjs-core";
import type { Box } from "../environments/box.ts";

/** The buffers of CleanRL's actors that stretch ±1 to the bounds of the actions. */
export function boundedActions(space: Box): {
  readonly actionScale: Buffer<Rank.R1>;
  readonly actionBias: Buffer<Rank.R1>;
} {
  const combine = (f: (low: number, high: number) => number) =>
    stateBuffer<Rank.R1>({
      data: space.low.map((low, i) => f(low, space.high[i] ?? NaN)),
      shape: space.shape,
    });
  return {
    actionScale: combine((low, high) => (high - low) / 2),
    actionBias: combine((low, high) => (high + low) / 2),
  };
}
