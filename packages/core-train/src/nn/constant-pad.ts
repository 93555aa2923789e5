import type { Tensor3D, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import { Padding, type Padding1d, type Padding2d, type Padding3d } from "./padding.ts";

/** Pads sequences with a constant, as `torch.nn.ConstantPad1d`. */
export class ConstantPad1d extends Padding<Tensor3D> {
  constructor(padding: Padding1d, value: number) {
    super(1, padding, "constant", value);
  }
}

/** Pads images with a constant, as `torch.nn.ConstantPad2d`. */
export class ConstantPad2d extends Padding<Tensor4D> {
  constructor(padding: Padding2d, value: number) {
    super(2, padding, "constant", value);
  }
}

/** Pads volumes with a constant, as `torch.nn.ConstantPad3d`. */
export class ConstantPad3d extends Padding<Tensor5D> {
  constructor(padding: Padding3d, value: number) {
    super(3, padding, "constant", value);
  }
}
