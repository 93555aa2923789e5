import { checkArguments, checkOptions, OptionError } from "@pellucid/core-train";
import { besselK, logGamma } from "./bessel-k.ts";
import type { KernelOptions } from "./constant.ts";
import { type Kernel, written } from "./kernel.ts";
import { stationary } from "./stationary.ts";

/** Options for {@link matern}. */
export interface MaternOptions extends KernelOptions {
  /** How smooth: functions have `⌈ν⌉ − 1` derivatives. 0.5, 1.5, 2.5 and Infinity are quick. It is not learned. Default: 1.5. */
  readonly nu?: number;
}

type Form = { readonly value: (squared: number) => number; readonly rate: (squared: number) => number };

/** Those that need no Bessel function. */
const closed: Readonly<Record<string, Form>> = {
  "0.5": {
    value: (squared) => Math.exp(-Math.sqrt(squared)),
    rate: (squared) => Math.exp(-Math.sqrt(squared)) / Math.sqrt(squared),
  },
  "1.5": {
    value: (squared) => (1 + Math.sqrt(3 * squared)) * Math.exp(-Math.sqrt(3 * squared)),
    rate: (squared) => 3 * Math.exp(-Math.sqrt(3 * squared)),
  },
  "2.5": {
    value: (squared) => (1 + Math.sqrt(5 * squared) + (5 / 3) * squared) * Math.exp(-Math.sqrt(5 * squared)),
    rate: (squared) => (5 / 3) * (1 + Math.sqrt(5 * squared)) * Math.exp(-Math.sqrt(5 * squared)),
  },
  Infinity: { value: (squared) => Math.exp(-squared / 2), rate: (squared) => Math.exp(-squared / 2) },
};

function general(nu: number): Form {
  const factor = Math.exp((1 - nu) * Math.LN2 - logGamma(nu));
  return {
    value: (squared) => {
      if (squared === 0) return 1;
      const z = Math.sqrt(2 * nu * squared);
      return factor * z ** nu * besselK(nu, z);
    },
    rate: (squared) => {
      const z = Math.sqrt(2 * nu * squared);
      return (factor * z ** (nu + 1) * besselK(nu - 1, z)) / squared;
    },
  };
}

/**
 * The Matérn kernel, of functions that are as smooth as ν says:
 *
 *     2^(1 − ν) / Γ(ν) · z^ν K_ν(z),   z = √(2ν) · distance in length scales
 *
 * Rasmussen and Williams, 2006, equation 4.14. scikit-learn's `Matern`, whose derivatives are differences for other ν than 0.5, 1.5, 2.5 and infinity; here they are exact.
 *
 * @param lengthScale one for all coordinates, or one for each
 */
export function matern(lengthScale: number | readonly number[] = 1, options: MaternOptions = {}): Kernel {
  checkArguments("matern", { record: { options }, numbers: { lengthScale: [lengthScale].flat() } });
  checkOptions("matern", options, ["nu", "bounds"]);
  const { nu = 1.5 } = options;
  if (!(nu > 0)) throw new OptionError("matern", "nu", nu, "a number above 0");
  return stationary({
    caller: "matern",
    lengthScale,
    options,
    remake: (given) => matern(given, options),
    ...(closed[String(nu)] ?? general(nu)),
    text: `Matern(length_scale=${written(lengthScale)}, nu=${nu})`,
  });
}
