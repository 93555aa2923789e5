import {
  add,
  engine,
  mul,
  type NamedAttrMap,
  ones,
  RotateWithOffset,
  sub,
  type Tensor,
  tensor1d,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";
import { sizeAlong } from "../size-along.ts";

interface Attributes {
  readonly fillValue: number | readonly [number, number, number];
}

/** tfjs' WASM backend truncates the fill value to an integer; this kernel does not. */
export const rotateWithOffset: readonly ComposedKernel[] = [
  defineComposedKernel<{ image: Tensor }, Attributes>(RotateWithOffset, ({ image }, attributes) => {
    const { fillValue } = attributes;
    if ([fillValue].flat().every((own) => Number.isInteger(own))) return null;
    const onZeros = { ...attributes, fillValue: 0 } as NamedAttrMap;
    const turned = (x: Tensor) => engine().runKernel(RotateWithOffset, { image: x }, onZeros) as Tensor;
    const channels = sizeAlong(image.shape, 3);
    const fill = typeof fillValue === "number" ? fillValue : tensor1d([...fillValue, 255].slice(0, channels));
    return add(turned(image), mul(sub(1, turned(ones(image.shape))), fill));
  }),
];
