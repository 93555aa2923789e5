import {
  Add,
  add,
  Cast,
  cast,
  complex,
  Concat,
  engine,
  imag,
  mul,
  Multiply,
  type NamedTensorMap,
  real,
  Sub,
  sub,
  type Tensor,
  ZerosLike,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";
import { forComplex } from "./for-complex.ts";

type Inputs = Readonly<Record<string, Tensor>>;

const differ = ({ a, b }: Inputs) => a?.shape.join() !== b?.shape.join();

/** Whichever does the same to either part. */
const byParts = (kernelName: string, isAsked?: (inputs: Inputs) => boolean): ComposedKernel =>
  forComplex(
    kernelName,
    (inputs, attributes) => {
      const over = (part: (z: Tensor) => Tensor): Tensor => {
        const parts = Array.isArray(inputs)
          ? (inputs as Tensor[]).map(part)
          : Object.fromEntries(Object.entries(inputs).map(([name, z]) => [name, part(z)]));
        return engine().runKernel(kernelName, parts as NamedTensorMap, attributes);
      };
      return complex(over(real), over(imag));
    },
    isAsked,
  );

const products = (isAsked?: (inputs: Inputs) => boolean): ComposedKernel =>
  forComplex(
    Multiply,
    (inputs) => {
      const { a, b } = inputs as { a: Tensor; b: Tensor };
      const [aReal, aImag, bReal, bImag] = [real(a), imag(a), real(b), imag(b)];
      return complex(sub(mul(aReal, bReal), mul(aImag, bImag)), add(mul(aReal, bImag), mul(aImag, bReal)));
    },
    isAsked,
  );

/** What tfjs' CPU backend makes NaN of where one of the two is repeated. */
export const complexBroadcast: readonly ComposedKernel[] = [
  byParts(Add, differ),
  byParts(Sub, differ),
  products(differ),
];

/** What other backends do with complex numbers besides transforms. */
export const complexArithmetic: readonly ComposedKernel[] = [
  byParts(Add),
  byParts(Sub),
  byParts(Concat),
  byParts(ZerosLike),
  products(),
  forComplex(Cast, (inputs, { dtype }) => {
    const { x } = inputs as { x: Tensor };
    if (x.dtype === "complex64") return dtype === "complex64" ? x.clone() : cast(real(x), dtype as "float32");
    const part = cast(x, "float32");
    return complex(part, zerosLike(part));
  }),
];
