/**
 * Bytes that every tensor has after its last number. Kernels, ours and those of XNNPACK in tfjs, take four numbers at a time: they may read, though not use, what lies there, and never write it.
 */
export const SLACK = 16;
