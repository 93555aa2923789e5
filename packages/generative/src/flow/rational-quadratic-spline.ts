import {
  checkArguments,
  checkOptions,
  checkPositive,
  checkShape,
  cumsum,
  OptionError,
  softmax,
  softplus,
  tidyLeaves,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  cast,
  concat,
  div,
  expandDims,
  greaterEqual,
  lessEqual,
  log,
  logicalAnd,
  maximum,
  mul,
  neg,
  ones,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** The unnormalized parameters of a spline for each number, of which a network may give any. */
export interface SplineParameters {
  /** Logits of the widths of the bins, `[…, bin]`. */
  readonly widths: Tensor;
  /** Logits of their heights, `[…, bin]`. */
  readonly heights: Tensor;
  /** The derivatives at the inner knots before softplus, `[…, bin − 1]`. */
  readonly derivatives: Tensor;
}

/** Options for {@link rationalQuadraticSpline}. */
export interface SplineOptions {
  /** The spline is within `± tailBound`, and the identity outside. Default: 3. */
  readonly tailBound?: number;
  /** The least width of a bin, as a share of all. Default: 1e-3. */
  readonly minWidth?: number;
  /** The least height of a bin, as a share of all. Default: 1e-3. */
  readonly minHeight?: number;
  /** The least derivative at a knot. Default: 1e-3. */
  readonly minDerivative?: number;
  /** Whether to go from `y` to `x`. Default: false. */
  readonly inverse?: boolean;
}

/** Where a spline takes each number, and the logarithm of its derivative there. */
export interface SplineOutput {
  readonly output: Tensor;
  readonly logDerivative: Tensor;
}

/**
 * A monotone function of each number, made of bins in which it is a quotient of quadratic polynomials: flexible, and inverted by a quadratic
 * equation. Its derivative is 1 at both ends, and outside it is the identity.
 *
 * Durkan et al., 2019, eqs. 4 to 8. https://arxiv.org/abs/1906.04032. Parameters of 0 are not the identity, as `softplus(0)` is not 1.
 *
 * @param x `[…]`
 * @returns the shape of `x`
 * @throws {StructError} For what is not a tensor, or not a record of tensors.
 * @throws {ShapeError} If the shapes do not fit.
 * @throws {OptionError} For a wrong option.
 */
export function rationalQuadraticSpline(
  x: Tensor,
  parameters: SplineParameters,
  options: SplineOptions = {},
): SplineOutput {
  const caller = "rationalQuadraticSpline";
  checkOptions(caller, options, ["tailBound", "minWidth", "minHeight", "minDerivative", "inverse"]);
  const { tailBound = 3, minWidth = 1e-3, minHeight = 1e-3, minDerivative = 1e-3, inverse = false } = options;
  checkPositive(caller, { tailBound, minWidth, minHeight, minDerivative });
  checkArguments(caller, { tensor: { x }, "{ widths, heights, derivatives }": { parameters } });
  const { widths, heights, derivatives } = parameters;
  checkShape(caller, "widths", widths, ["...", "bin"]);
  const bins = sizeAlong(widths, -1);
  for (const [name, least] of Object.entries({ minWidth, minHeight }))
    if (least * bins >= 1)
      throw new OptionError(caller, name, least, `less than 1 / ${bins}, the number of bins`);
  checkShape(caller, "widths", widths, [...x.shape, bins]);
  checkShape(caller, "heights", heights, [...x.shape, bins]);
  checkShape(caller, "derivatives", derivatives, [...x.shape, bins - 1]);
  return tidyLeaves(() => {
    const isInside = logicalAnd(greaterEqual(x, -tailBound), lessEqual(x, tailBound)); // […]
    const safe = where(isInside, x, zerosLike(x)); // no outside number reaches a root or a logarithm
    const across = knots(widths, minWidth, tailBound);
    const up = knots(heights, minHeight, tailBound);
    const edge = ones([...x.shape, 1]);
    const inner = add(minDerivative, softplus(derivatives)); //                            […, bin − 1]
    const lefts = concat([edge, inner], -1); //                                           […, bin]
    const rights = concat([inner, edge], -1); //                                          […, bin]
    const starts = (inverse ? up : across).starts;
    const chosen = chooseBin(safe, starts); //                                            […, bin]
    const of = (values: Tensor): Tensor => sum(mul(values, chosen), -1); //               […]
    const [left, width] = [of(across.starts), of(across.sizes)];
    const [bottom, height] = [of(up.starts), of(up.sizes)];
    const bin = { left, width, bottom, height, from: of(lefts), to: of(rights) };
    const found = inverse ? backwards(safe, bin) : forwards(safe, bin);
    return {
      output: where(isInside, found.output, x),
      logDerivative: where(isInside, found.logDerivative, zerosLike(x)),
    };
  });
}

/** The bin of each number: its corner, its sizes, and the derivatives at its two knots. */
interface Bin {
  readonly left: Tensor;
  readonly width: Tensor;
  readonly bottom: Tensor;
  readonly height: Tensor;
  readonly from: Tensor;
  readonly to: Tensor;
}

function knots(
  logits: Tensor,
  least: number,
  bound: number,
): { readonly starts: Tensor; readonly sizes: Tensor } {
  const bins = sizeAlong(logits, -1);
  const shares = add(least, mul(1 - least * bins, softmax(logits))); //                   […, bin]
  const sizes = mul(2 * bound, shares); //                                                […, bin]
  return { starts: sub(sub(cumsum(sizes, -1), sizes), bound), sizes };
}

/** One-hot, the last bin that starts at or before the number. */
function chooseBin(x: Tensor, starts: Tensor): Tensor {
  const bins = sizeAlong(starts, -1);
  const isAfter = cast(greaterEqual(expandDims(x, -1), starts), "float32"); //            […, bin]
  const axes = starts.shape.map(() => 0);
  const next = slice(isAfter, axes.with(-1, 1), [...x.shape, bins - 1]); //               […, bin − 1]
  return sub(isAfter, concat([next, mul(0, slice(isAfter, axes, [...x.shape, 1]))], -1));
}

function forwards(x: Tensor, bin: Bin): SplineOutput {
  const { left, width, bottom, height } = bin;
  const at = div(sub(x, left), width); //                                                  0 to 1 within the bin
  const { rise, denominator, logDerivative } = curve(at, bin);
  return { output: add(bottom, div(mul(height, rise), denominator)), logDerivative };
}

function backwards(y: Tensor, bin: Bin): SplineOutput {
  const { left, width, bottom, height, from, to } = bin;
  const steepness = div(height, width);
  const up = sub(y, bottom);
  const bend = sub(add(from, to), mul(2, steepness));
  const a = add(mul(up, bend), mul(height, sub(steepness, from)));
  const b = sub(mul(height, from), mul(up, bend));
  const c = neg(mul(steepness, up));
  const discriminant = maximum(sub(square(b), mul(4, mul(a, c))), 0); // rounding may take it below
  const at = div(mul(2, c), sub(neg(b), sqrt(discriminant)));
  return { output: add(left, mul(at, width)), logDerivative: neg(curve(at, bin).logDerivative) };
}

/** The quotient at a share of the bin's width, and the logarithm of its derivative. */
function curve(at: Tensor, { width, height, from, to }: Bin) {
  const steepness = div(height, width);
  const rest = sub(1, at);
  const both = mul(at, rest);
  const rise = add(mul(steepness, square(at)), mul(from, both));
  const denominator = add(steepness, mul(sub(add(from, to), mul(2, steepness)), both));
  const ends = add(mul(to, square(at)), mul(from, square(rest)));
  const numerator = mul(square(steepness), add(ends, mul(mul(2, steepness), both)));
  return { rise, denominator, logDerivative: sub(log(numerator), mul(2, log(denominator))) };
}
