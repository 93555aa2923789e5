import { keepExp } from "./parts/exp";
import { keepGelu } from "./parts/gelu";
import { keepLog1p } from "./parts/log1p";
import { keepNanAtMinusInfinity } from "./parts/nan-at-minus-infinity";
import { keepSigmoid } from "./parts/sigmoid";
import { keepTanh } from "./parts/tanh";

/** Is never called: a compiler that sees these assignments leaves the constants of loops in globals, from where V8 reads each in one instruction. */
export function keepConstants(number: f32): void {
  const value = f32x4.splat(number);
  keepExp(value);
  keepGelu(value);
  keepLog1p(value);
  keepNanAtMinusInfinity(value);
  keepSigmoid(value);
  keepTanh(value);
}
