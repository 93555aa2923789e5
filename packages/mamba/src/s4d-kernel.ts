import { checkTimeStep } from "./time-step.ts";
import {
  Module,
  type Parameter,
  type Rng,
  type HasTorchLayout,
  type TorchLayout,
  type HostTensor,
  type Initializer,
  initialized,
  init,
  checkSizes,
  checkRng,
} from "@pellucid/core-train";
import {
  add,
  cos,
  exp,
  expandDims,
  mul,
  neg,
  type Rank,
  range,
  reshape,
  sin,
  slice,
  sub,
  sum,
  square,
  div,
  type Tensor,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";

/** A complex tensor, as its real and imaginary parts. */
export type Parts<T extends Tensor = Tensor> = { readonly re: T; readonly im: T };

/**
 * The kernel of a time-invariant diagonal state space for each channel, `h′ = A h + u`, `y = 2 Re(C h)`. `A` is complex, with real
 * parts below 0, and is discretized by Δ with a zero-order hold:
 *
 *     Ā = exp(Δ A),   C̄ = C (Ā − 1) / A,   K[l] = 2 Re Σ C̄ Āˡ
 *
 * `K` is the impulse response, so that the output is the convolution of the input with it.
 *
 * Gu et al., 2022. On the parameterization and initialization of diagonal state space models.
 * https://arxiv.org/abs/2206.11893 (S4D-Lin). Names and initial weights are those of state-spaces/s4's `S4DKernel`.
 */
export class S4dKernel extends Module implements HasTorchLayout {
  /** `[channel]`; `Δ = exp(logDt)`. */
  readonly logDt: Parameter<Rank.R1>;
  /** `[channel, entry, 2]`: real and imaginary parts. */
  readonly c: Parameter<Rank.R3>;
  /** `[channel, entry]`; the real part of A is `−exp(logAReal)`. */
  readonly logAReal: Parameter<Rank.R2>;
  /** `[channel, entry]` */
  readonly aImag: Parameter<Rank.R2>;

  constructor(channels: number, entries: number, rng: Rng, dtMin: number, dtMax: number) {
    super();
    checkRng("S4dKernel", { rng });
    checkSizes("S4dKernel", { channels, entries });
    checkTimeStep("S4dKernel", { dtMin, dtMax });
    const [low, high] = [Math.log(dtMin), Math.log(dtMax)];
    const between: Initializer = (shape, rng) => ({
      data: rng.rand(shape).data.map((u) => u * (high - low) + low),
      shape,
    });
    this.logDt = initialized([channels], between, rng);
    this.c = initialized([channels, entries, 2], init.normal(0, Math.SQRT1_2), rng); // of size 1 as complex numbers
    this.logAReal = initialized([channels, entries], init.constant(Math.log(0.5)));
    this.aImag = initialized([channels, entries], frequencies);
  }

  get torchLayout(): TorchLayout {
    return { c: { name: "C" }, logAReal: { name: "log_A_real" }, aImag: { name: "A_imag" } };
  }

  /** `Ā` to the powers 0 to `count − 1`, `[channel, entry, power]`. */
  powers(count: number): Parts {
    return tidy(() => {
      const dt = expandDims(exp(this.logDt), 1);
      const steps = range(0, count);
      const decay = mul(expandDims(mul(neg(exp(this.logAReal)), dt), 2), steps);
      const angle = mul(expandDims(mul(this.aImag, dt), 2), steps);
      const size = exp(decay);
      return { re: mul(size, cos(angle)), im: mul(size, sin(angle)) };
    });
  }

  /** `C̄`, `[channel, entry]`. */
  readout(): Parts<Tensor2D> {
    return tidy(() => {
      const [channels, entries] = this.logAReal.shape;
      const part = (x: Tensor, i: number): Tensor =>
        reshape(slice(x, [0, 0, i], [channels, entries, 1]), [channels, entries]);
      const once = this.powers(2);
      const held = { re: sub(part(once.re, 1), 1), im: part(once.im, 1) }; // Ā − 1
      const re = neg(exp(this.logAReal));
      const norm = add(square(re), square(this.aImag));
      const over = times(held, { re: div(re, norm), im: neg(div(this.aImag, norm)) });
      return times({ re: part(this.c, 0), im: part(this.c, 1) }, over) as Parts<Tensor2D>;
    });
  }

  /**
   * The impulse response at 0 to `length − 1` time steps.
   *
   * @returns `[channel, length]`
   */
  forward(length: number): Tensor2D {
    return tidy(() => {
      const c = this.readout();
      const { re } = times({ re: expandDims(c.re, 2), im: expandDims(c.im, 2) }, this.powers(length));
      return mul<Tensor2D>(sum(re, 1), 2);
    });
  }
}

/** The product of two complex tensors. */
export function times(a: Parts, b: Parts): Parts {
  return {
    re: sub(mul(a.re, b.re), mul(a.im, b.im)),
    im: add(mul(a.re, b.im), mul(a.im, b.re)),
  };
}

/** The imaginary parts of A in each channel: 0, π, 2π, … (S4D-Lin). */
function frequencies([channels = 0, entries = 0]: readonly number[]): HostTensor<Float32Array> {
  const data = Float32Array.from({ length: channels * entries }, (_, i) => Math.PI * (i % entries));
  return { data, shape: [channels, entries] };
}
