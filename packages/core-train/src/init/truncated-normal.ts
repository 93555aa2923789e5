import type { HostTensor } from "../host-tensor.ts";
import { RngError } from "../rng/rng-error.ts";
import type { Rng } from "../rng/rng.ts";
import type { Initializer } from "./initializer.ts";
import { normalCdf } from "./normal-cdf.ts";
import { checkOptions } from "../check-options.ts";
import { checkFinite } from "../check-values.ts";

/** The bell and where it is cut. */
export interface TruncatedNormalOptions {
  /** Default: 0. */
  readonly mean?: number;
  /** Default: 1. */
  readonly std?: number;
  /** The smallest value, not in units of `std`. Default: −2. */
  readonly a?: number;
  /** The largest value, not in units of `std`. Default: 2. */
  readonly b?: number;
}

/**
 * Normal numbers between `a` and `b`, as `torch.nn.init.trunc_normal_` since PyTorch 2.13 (before, it inverted the
 * distribution function): those outside are drawn again.
 */
export function truncatedNormal(options: TruncatedNormalOptions = {}): Initializer {
  checkOptions("truncatedNormal", options, ["mean", "std", "a", "b"]);
  const { mean = 0, std = 1, a = -2, b = 2 } = options;
  checkFinite("truncatedNormal", { mean, std });
  if (!(std > 0 && a < b))
    throw new RngError(`truncatedNormal: std is ${std}, a ${a}, b ${b}; expected std > 0 and a < b.`);
  const inside = normalCdf((b - mean) / std) - normalCdf((a - mean) / std);
  const settled = { mean, std, a, b };
  return (shape, rng) => (inside > 0.3 ? fromNormal(shape, rng, settled) : fromUniform(shape, rng, settled));
}

type Bell = Required<TruncatedNormalOptions>;

/** Most draws lie inside: redraws all, takes those that are needed. */
function fromNormal(shape: readonly number[], rng: Rng, { mean, std, a, b }: Bell): HostTensor<Float32Array> {
  const drawn = rng.normal(shape, mean, std);
  const low = Math.fround(a);
  const high = Math.fround(b);
  const outside = (value: number) => value < low || value > high;
  while (drawn.data.some(outside)) {
    const again = rng.normal(shape, mean, std).data;
    for (const [i, value] of drawn.data.entries()) if (outside(value)) drawn.data[i] = again[i] ?? NaN;
  }
  return drawn;
}

/** Few do: draws evenly between the bounds, keeps a value as often as the bell is high there. */
function fromUniform(
  shape: readonly number[],
  rng: Rng,
  { mean, std, a, b }: Bell,
): HostTensor<Float32Array> {
  const { fround, log } = Math;
  const mode = Math.max(a, Math.min(mean, b));
  const logPeak = fround(-0.5 * ((mode - mean) / std) ** 2);
  const logDensity = (value: number) => {
    const distance = fround(fround(value - fround(mean)) / fround(std));
    return fround(-0.5 * fround(distance * distance) - logPeak);
  };
  const drawn = rng.uniform(shape, a, b);
  let pending = new Uint8Array(drawn.data.length).fill(1);
  let candidates = drawn.data;
  for (;;) {
    const heights = rng.rand(shape).data;
    pending = pending.map((waits, i) =>
      waits === 1 && fround(log(heights[i] ?? NaN)) > logDensity(candidates[i] ?? NaN) ? 1 : 0,
    );
    if (!pending.includes(1)) return drawn;
    candidates = rng.uniform(shape, a, b).data;
    for (const [i, waits] of pending.entries()) if (waits === 1) drawn.data[i] = candidates[i] ?? NaN;
  }
}
