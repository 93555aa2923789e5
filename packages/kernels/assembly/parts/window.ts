/** How a window moves over a volume: what convolution and pooling have in common. An image is a volume with a depth of 1. */
@unmanaged
export class Window {
  batch: i32;
  inDepth: i32;
  inHeight: i32;
  inWidth: i32;
  inChannels: i32;
  filterDepth: i32;
  filterHeight: i32;
  filterWidth: i32;
  outDepth: i32;
  outHeight: i32;
  outWidth: i32;
  outChannels: i32;
  strideDepth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationDepth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  /** Padding before the first plane, row and column; negative where the volume is cut. */
  front: i32;
  top: i32;
  left: i32;
  /** Each group of output channels sees its own group of input channels. */
  groups: i32;
}
