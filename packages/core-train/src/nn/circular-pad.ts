import type { Tensor3D, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import { Padding, type Padding1d, type Padding2d, type Padding3d } from "./padding.ts";

/** Pads sequences periodically, as `torch.nn.CircularPad1d`. */
export class CircularPad1d extends Padding<Tensor3D> {
  constructor(padding: Padding1d) {
    super(1, padding, "circular");
  }
}

/** Pads images periodically, as `torch.nn.CircularPad2d`. */
export class CircularPad2d extends Padding<Tensor4D> {
  constructor(padding: Padding2d) {
    super(2, padding, "circular");
  }
}

/** Pads volumes periodically, as `torch.nn.CircularPad3d`. */
export class CircularPad3d extends Padding<Tensor5D> {
  constructor(padding: Padding3d) {
    super(3, padding, "circular");
  }
}
