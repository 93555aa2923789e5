import type { Tensor3D, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import { Padding, type Padding1d, type Padding2d, type Padding3d } from "./padding.ts";

/** Pads sequences by repeating their edges, as `torch.nn.ReplicationPad1d`. */
export class ReplicationPad1d extends Padding<Tensor3D> {
  constructor(padding: Padding1d) {
    super(1, padding, "replicate");
  }
}

/** Pads images by repeating their edges, as `torch.nn.ReplicationPad2d`. */
export class ReplicationPad2d extends Padding<Tensor4D> {
  constructor(padding: Padding2d) {
    super(2, padding, "replicate");
  }
}

/** Pads volumes by repeating their edges, as `torch.nn.ReplicationPad3d`. */
export class ReplicationPad3d extends Padding<Tensor5D> {
  constructor(padding: Padding3d) {
    super(3, padding, "replicate");
  }
}
