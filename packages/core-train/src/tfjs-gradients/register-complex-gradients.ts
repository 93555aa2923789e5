import {
  Add,
  add,
  Cast,
  cast,
  Complex,
  complex,
  ComplexAbs,
  Concat,
  divNoNan,
  engine,
  FFT,
  fft,
  getGradient,
  Identity,
  IFFT,
  ifft,
  Imag,
  imag,
  mul,
  Multiply,
  type NamedAttrMap,
  Real,
  real,
  registerGradient,
  Reshape,
  Sub,
  sub,
  type Tensor,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { sumTo } from "../op/sum-to.ts";
import { sizeAlong } from "../op/size-along.ts";

/**
 * Lets gradients go through complex numbers: `∂L/∂z = ∂L/∂Re z + i ∂L/∂Im z`, as PyTorch has it, so of `y = a b` that at `a` is
 * `dy b̄`, and of the Fourier transform it is the inverse one, unscaled. With them `fft`, `ifft`, `rfft`, `irfft` and `stft`
 * have gradients.
 */
export function registerComplexGradients(): void {
  register(Complex, [], (dy) => ({ real: () => real(dy), imag: () => imag(dy) }));
  register(Real, ["input"], (dy, [z]) => ({ input: () => (isComplex(z) ? accepted(whole(dy)) : dy) }));
  register(Imag, [], (dy) => ({ input: () => accepted(complex(zerosLike(dy), dy)) }));
  register(ComplexAbs, ["x"], (dy, [z]) => ({
    x: () => {
      reconnect(z);
      const toward = divNoNan(dy, engine().runKernel(ComplexAbs, { x: z }) as Tensor); // at zero it points nowhere
      return accepted(eachPart(z, (part) => mul(toward, part)));
    },
  }));
  register(FFT, [], (dy) => ({ input: () => accepted(scaled(ifft(whole(dy)), lengthOf(dy))) }));
  register(IFFT, [], (dy) => ({ input: () => accepted(scaled(fft(whole(dy)), 1 / lengthOf(dy))) }));
  for (const kernelName of [Add, Sub, Concat, Identity, Reshape]) partByPart(kernelName);
  forComplex(Multiply, ["a", "b"], (dy, [a, b]) => ({
    a: () => byConjugate(dy, b, a),
    b: () => byConjugate(dy, a, b),
  }));
  forComplex(Cast, ["x"], (dy, [x]) => ({
    x: () => (isComplex(x) ? accepted(whole(dy)) : cast(real(dy), "float32")),
  }));
}

const isComplex = (x: Tensor) => x.dtype === "complex64";
const lengthOf = (x: Tensor) => sizeAlong(x, -1);
const whole = (x: Tensor) => (isComplex(x) ? x : complex(x, zerosLike(x)));
const eachPart = (z: Tensor, f: (part: Tensor) => Tensor) => complex(f(real(z)), f(imag(z)));
const scaled = (z: Tensor, by: number) => eachPart(z, (part) => mul(part, by));

/** `dy b̄`, in the shape of the other factor. */
function byConjugate(dy: Tensor, b: Tensor, { shape }: Tensor): Tensor {
  reconnect(b);
  const [dyReal, dyImag, bReal, bImag] = [real(dy), imag(dy), real(b), imag(b)];
  const along = add(mul(dyReal, bReal), mul(dyImag, bImag));
  const across = sub(mul(dyImag, bReal), mul(dyReal, bImag));
  return accepted(complex(sumTo(along, shape), sumTo(across, shape)));
}

/**
 * tfjs computes gradients from copies of what went in, and gives back no more than the real part of what arrives at a copy.
 * Only a gradient that is itself differentiated notices.
 */
function reconnect(copy: Tensor): void {
  const { state } = engine();
  if (state.gradientDepth === 0) return;
  const node = state.activeTape?.find(({ outputs: [y] }) => y?.id === copy.id);
  if (node !== undefined)
    node.gradient = ([dy]) => ({ x: () => accepted(eachPart(dy as Tensor, (part) => part)) });
}

/** A linear op with real coefficients does the same to either part, and so does its gradient. */
function partByPart(kernelName: string): void {
  const own = getGradient(kernelName);
  registerGradient({
    ...own,
    gradFunc: (dys, saved, attributes) => {
      const dy = dys as Tensor;
      if (Array.isArray(dys) || !isComplex(dy)) return own.gradFunc(dys, saved, attributes);
      const ofReal = own.gradFunc(real(dy), saved, attributes);
      const ofImag = own.gradFunc(imag(dy), saved, attributes);
      const names = Object.keys(ofReal);
      const at = (name: string) => accepted(complex(partOf(ofReal, name), partOf(ofImag, name)));
      return Object.fromEntries(names.map((name) => [name, () => at(name)]));
    },
  });
}

const partOf = (gradients: Record<string, () => Tensor>, name: string) => (gradients[name] as () => Tensor)();

type Gradient = (
  dy: Tensor,
  saved: [Tensor, Tensor],
  attributes: NamedAttrMap,
) => Record<string, () => Tensor>;

function register(kernelName: string, inputsToSave: string[], gradient: Gradient): void {
  registerGradient({
    kernelName,
    inputsToSave,
    gradFunc: (dy, saved, attributes) => gradient(dy as Tensor, saved as [Tensor, Tensor], attributes),
  });
}

/** Another gradient where complex numbers go in or come out; the inputs that are saved must be those of the op's own. */
function forComplex(kernelName: string, inputsToSave: string[], gradient: Gradient): void {
  const own = getGradient(kernelName);
  registerGradient({
    ...own,
    inputsToSave,
    gradFunc: (dy, saved, attributes) =>
      [dy, ...saved].flat().some(isComplex)
        ? gradient(dy as Tensor, saved as [Tensor, Tensor], attributes)
        : own.gradFunc(dy, saved, attributes),
  });
}

/**
 * A complex gradient in a form that tfjs' tape takes. It asks a gradient for its type once, as soon as it is computed, and
 * refuses all but float32, though it needs nothing but a sum of gradients, which complex numbers have. So this one calls
 * itself float32 the first time that it is asked.
 */
function accepted(z: Tensor): Tensor {
  const is = (descriptor: PropertyDescriptor) =>
    Object.defineProperty(z, "dtype", { configurable: true, enumerable: true, ...descriptor });
  is({
    get: () => {
      is({ value: "complex64", writable: true });
      return "float32";
    },
  });
  return z;
}
