import { keepExp } from "./parts/exp";
import { keepLog1p } from "./parts/log1p";
import { keepTanh } from "./parts/tanh";

/** Is never called: a compiler that sees these assignments leaves the constants of loops in globals, from where V8 reads each in one instruction. */
export function keepConstants(number: f32): void {
  const value = f32x4.splat(number);
  keepExp(value);
  keepLog1p(value);
  keepTanh(value);
}
