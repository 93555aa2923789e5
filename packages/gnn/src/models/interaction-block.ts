import { type Layer, Linear, Module, type Rng, Sequential } from "@pellucid/core-train";
import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { CFConv, type PointGraph, redrawWithoutBias } from "../conv/cf-conv.ts";
import { ShiftedSoftplus } from "./shifted-softplus.ts";

/** What {@link SchNet} adds to the features of each atom: a continuous filter, an activation and a linear map. */
export class InteractionBlock extends Module implements Layer<PointGraph, Tensor2D> {
  readonly mlp: Sequential<readonly [Linear, ShiftedSoftplus, Linear]>;
  readonly conv: CFConv;
  readonly act: ShiftedSoftplus = new ShiftedSoftplus();
  readonly lin: Linear;
  readonly #drawn: readonly Linear[];

  constructor(channels: number, numGaussians: number, numFilters: number, cutoff: number, rng: Rng) {
    super();
    const first = new Linear(numGaussians, numFilters, { rng });
    const second = new Linear(numFilters, numFilters, { rng });
    this.mlp = new Sequential(first, new ShiftedSoftplus(), second);
    this.conv = new CFConv(channels, channels, numFilters, this.mlp, cutoff, { rng });
    this.lin = new Linear(channels, channels, { rng });
    this.#drawn = [first, second];
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const linear of this.#drawn) redrawWithoutBias(linear, rng);
    this.conv.resetParameters(rng);
    redrawWithoutBias(this.lin, rng);
  }

  /** @returns `[atom, channel]` */
  forward(graph: PointGraph): Tensor2D {
    return tidy(() => this.lin.forward(this.act.forward(this.conv.forward(graph))));
  }
}
