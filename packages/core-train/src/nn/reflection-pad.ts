import type { Tensor3D, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import { Padding, type Padding1d, type Padding2d, type Padding3d } from "./padding.ts";

/** Pads sequences by reflection at their edges, which are not repeated, as `torch.nn.ReflectionPad1d`. */
export class ReflectionPad1d extends Padding<Tensor3D> {
  constructor(padding: Padding1d) {
    super(1, padding, "reflect");
  }
}

/** Pads images by reflection at their edges, which are not repeated, as `torch.nn.ReflectionPad2d`. */
export class ReflectionPad2d extends Padding<Tensor4D> {
  constructor(padding: Padding2d) {
    super(2, padding, "reflect");
  }
}

/** Pads volumes by reflection at their edges, which are not repeated, as `torch.nn.ReflectionPad3d`. */
export class ReflectionPad3d extends Padding<Tensor5D> {
  constructor(padding: Padding3d) {
    super(3, padding, "reflect");
  }
}
