import { checkOptions, checkRng, checkSizeArray, checkSizes, type Rng } from "@pellucid/core-train";

/** Options for the flows of coupling layers: {@link realNvp} and {@link nice}. */
export interface CouplingFlowOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many coupling layers. Default: 6. */
  readonly couplings?: number;
  /** Units of the hidden layers of each network. Default: [64, 64]. */
  readonly hiddenSizes?: readonly number[];
}

/** The options with their defaults, checked. */
export function couplingFlowOptions(
  caller: string,
  features: number,
  options: CouplingFlowOptions,
): Required<CouplingFlowOptions> {
  checkRng(caller, options);
  checkOptions(caller, options, ["rng", "couplings", "hiddenSizes"]);
  const { rng, couplings = 6, hiddenSizes = [64, 64] } = options;
  checkSizes(caller, { features }, 2);
  checkSizes(caller, { couplings });
  if (hiddenSizes.length > 0) checkSizeArray(caller, "hiddenSizes", hiddenSizes);
  return { rng, couplings, hiddenSizes };
}
