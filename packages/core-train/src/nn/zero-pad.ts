import type { Tensor3D, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import { Padding, type Padding1d, type Padding2d, type Padding3d } from "./padding.ts";

/** Pads sequences with zeros, as `torch.nn.ZeroPad1d`. */
export class ZeroPad1d extends Padding<Tensor3D> {
  constructor(padding: Padding1d) {
    super(1, padding, "constant");
  }
}

/** Pads images with zeros, as `torch.nn.ZeroPad2d`. */
export class ZeroPad2d extends Padding<Tensor4D> {
  constructor(padding: Padding2d) {
    super(2, padding, "constant");
  }
}

/** Pads volumes with zeros, as `torch.nn.ZeroPad3d`. */
export class ZeroPad3d extends Padding<Tensor5D> {
  constructor(padding: Padding3d) {
    super(3, padding, "constant");
  }
}
