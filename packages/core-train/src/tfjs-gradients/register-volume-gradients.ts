import {
  backend_util,
  Conv3D,
  conv3d,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
  engine,
  type NamedAttrMap,
  registerGradient,
  type Tensor,
  type Tensor5D,
} from "@tensorflow/tfjs-core";
import { conv3d as convolveVolumes } from "../op/conv3d.ts";
import { padAlong } from "../op/pad-along.ts";
import { registerComposedGradient } from "./register-composed-gradient.ts";

interface VolumeSpec {
  readonly strides: number | [number, number, number];
  readonly pad: "valid" | "same";
  readonly dilations?: number | [number, number, number];
}

/** Gives convolutions of volumes gradients of any order, with dilation too. */
export function registerVolumeGradients(): void {
  const run = (
    name: string,
    inputs: Record<string, Tensor>,
    { strides, pad: padding }: VolumeSpec,
    more: object,
  ) =>
    engine().runKernel(name, inputs, {
      strides,
      pad: padding,
      ...more,
    } as NamedAttrMap) as Tensor5D;
  const convolved = (x: Tensor, filter: Tensor, spec: VolumeSpec) =>
    conv3d(x as Tensor5D, filter as Tensor5D, spec.strides, spec.pad);
  registerGradient({
    kernelName: Conv3DBackpropInputV2,
    inputsToSave: ["dy", "filter"],
    gradFunc: (ddx, saved, attributes) => {
      const [dy, filter] = saved as [Tensor, Tensor];
      const [x, spec] = [ddx as Tensor, attributes as object as VolumeSpec];
      const filterShape = filter.shape;
      return {
        dy: () => convolved(x, filter, spec),
        filter: () => run(Conv3DBackpropFilterV2, { x, dy }, spec, { filterShape }),
      };
    },
  });
  registerGradient({
    kernelName: Conv3DBackpropFilterV2,
    inputsToSave: ["x", "dy"],
    gradFunc: (dFilter, saved, attributes) => {
      const [x, dy] = saved as [Tensor, Tensor];
      const [filter, spec] = [dFilter as Tensor, attributes as object as VolumeSpec];
      return {
        x: () => run(Conv3DBackpropInputV2, { dy, filter }, spec, { inputShape: x.shape }),
        dy: () => convolved(x, filter, spec),
      };
    },
  });
  registerComposedGradient<{ x: Tensor; filter: Tensor }, VolumeSpec>({
    kernelName: Conv3D,
    inputs: ["x", "filter"],
    when: ({ dilations = 1 }) => [dilations].flat().some((dilation) => dilation > 1),
    compose: ({ x, filter }, spec) => {
      const info = backend_util.computeConv3DInfo(
        x.shape as [number, number, number, number, number],
        filter.shape as [number, number, number, number, number],
        spec.strides,
        spec.dilations ?? 1,
        spec.pad,
      );
      const { front, back, top, bottom, left, right } = info.padInfo;
      const sides = [
        [front, back],
        [top, bottom],
        [left, right],
      ] as [number, number][];
      const padded = sides.reduce<Tensor>((y, side, axis) => padAlong(y, axis + 1, side), x);
      return convolveVolumes(padded as Tensor5D, filter as Tensor5D, null, {
        stride: [info.strideDepth, info.strideHeight, info.strideWidth],
        dilation: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
      });
    },
  });
}
