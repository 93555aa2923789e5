import {
  type Buffer,
  checkFinite,
  checkShape,
  checkSizes,
  type Layer,
  Module,
  OptionError,
  stateBuffer,
} from "@pellucid/core-train";
import { exp, mul, type Rank, square, sub, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { column } from "../propagate/segment.ts";

/** A distance as many numbers: how near it is to each of some centers, `exp(-½ (d - μₖ)² / Δ²)` with centers `μₖ` at equal steps `Δ`. */
export class GaussianSmearing extends Module implements Layer<Tensor1D, Tensor2D> {
  /** The centers: `[gaussian]` */
  readonly offset: Buffer<Rank.R1>;
  readonly coeff: number;

  /** @param numGaussians two or more, from `start` to `stop` */
  constructor(start = 0, stop = 5, numGaussians = 50) {
    super();
    checkFinite("GaussianSmearing", { start, stop });
    checkSizes("GaussianSmearing", { numGaussians }, 2);
    if (stop <= start)
      throw new OptionError("GaussianSmearing", "stop", stop, `a number above start, which is ${start}`);
    const step = (stop - start) / (numGaussians - 1);
    const data = Float32Array.from({ length: numGaussians }, (_, k) => start + step * k);
    this.offset = stateBuffer({ data, shape: [numGaussians] });
    this.coeff = -0.5 / ((data[1] ?? NaN) - (data[0] ?? NaN)) ** 2;
  }

  /**
   * @param distances `[edge]`
   * @returns `[edge, gaussian]`
   */
  forward(distances: Tensor1D): Tensor2D {
    checkShape("GaussianSmearing", "distances", distances, ["edge"]);
    return tidy(() => exp(mul(square(sub<Tensor2D>(column(distances), this.offset)), this.coeff)));
  }
}
