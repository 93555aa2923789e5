import { init, initialized, Linear, type Parameter, type Rng } from "@pellucid/core-train";
import type { Rank } from "@tensorflow/tfjs-core";
import { glorot } from "../redraw.ts";

/** A linear map whose weight is uniform within `± √(6 / (in + out))`. */
export function glorotLinear(inChannels: number, outChannels: number, rng: Rng, bias = false): Linear {
  return new Linear(inChannels, outChannels, { rng, bias, init: glorot });
}

/** A bias of zeros, or none. */
export function zeroBias(channels: number, bias: boolean): Parameter<Rank.R1> | null {
  return bias ? initialized<Rank.R1>([channels], init.zeros()) : null;
}
