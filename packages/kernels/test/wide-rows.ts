import { elu, gelu, linear, relu, RMSNorm, silu, softplus } from "@pellucid/core-train";
import { sum, type Tensor1D, type Tensor2D, transpose } from "@tensorflow/tfjs-core";
import {
  attention,
  averaging,
  batchNorm,
  convolution,
  edges,
  norm,
  pooling,
  product,
  recurrence,
  type Row,
  scan,
} from "./op-rows.ts";

const lengths = (batch: number, time: number) => Array.from({ length: batch }, (_, i) => 1 + (i % time));

const elementwise = (run: Row["run"]): Row => ({ kernels: [], shapes: [[5, 1000]], run });

/** Ops whose work is enough for three threads, if just so: sizes are odd where they may be. */
export const wideRows: Record<string, Row> = {
  "a product": product([67, 41], [41, 53], false, false),
  "a product with much to lay out": product([40, 70], [70, 531], false, false),
  "one with the second transposed": product([67, 41], [530, 41], false, true),
  "one with the first transposed": product([301, 67], [301, 37], true, false),
  "one with the first transposed, in place": product([301, 64], [301, 36], true, false),
  "products of many": product([3, 33, 20], [3, 20, 30], false, false),
  linear: {
    kernels: ["PellucidLinear"],
    shapes: [[50, 37], [37, 41], [41]],
    run: (x, weight, bias) => linear(x, weight as Tensor2D, bias as Tensor1D),
  },
  convolution: convolution([7, 9, 8, 5], [3, 3, 5, 13], { padding: 1 }, true),
  "convolution of many small images": convolution([200, 3, 3, 8], [2, 2, 8, 12]),
  "convolution with a stride, in place": convolution([6, 9, 9, 8], [3, 3, 8, 16], { stride: 2, padding: 1 }),
  "convolution in groups": convolution([6, 9, 8, 12], [3, 3, 6, 10], { groups: 2, padding: 1 }, true),
  "convolution of pixels": convolution([6, 7, 5, 30], [1, 1, 30, 26]),
  "convolution of each channel": convolution([6, 9, 8, 7], [3, 3, 1, 7], { groups: 7, padding: 1 }),
  "convolution of each channel, several times": convolution([6, 9, 8, 3], [3, 3, 1, 6], { groups: 3 }),
  "max pooling": pooling([5, 9, 8, 6], 3, { stride: 2, dilation: 2, padding: 1 }),
  "average pooling": averaging([5, 9, 8, 6], 3, { stride: 2, padding: 1 }),
  attention: attention([5, 2, 17], [2, 19], { isCausal: true, past: 2 }),
  "attention of one example": attention([1, 8, 17], [4, 19], { bias: [1, 8, 17, 19] }),
  "attention with a bias for each example": attention([3, 2, 9], [1, 9], { bias: [3, 1, 9, 1] }),
  "an LSTM": recurrence("LSTM", [26, 4, 9], { lengths: lengths(26, 4), reverse: false }),
  "a GRU": recurrence("GRU", [26, 4, 9], { lengths: lengths(26, 4), reverse: true }),
  "an RNN": recurrence("RNN", [26, 4, 9], { lengths: lengths(26, 4), reverse: false }),
  "a selective scan": scan(5, 7, 6, 5),
  "a layer norm": norm([61, 77]),
  "a batch norm": batchNorm([43, 53]),
  "a norm of the mean square": {
    kernels: [],
    shapes: [[61, 77]],
    run: (x) => new RMSNorm(77).forward(x),
  },
  "sums of rows": { kernels: ["Sum"], shapes: [[61, 77]], run: (x) => sum(x, -1) },
  "axes that are turned": {
    kernels: ["Transpose"],
    shapes: [[5, 7, 61]],
    run: (x) => transpose(x, [0, 2, 1]),
  },
  "axes in another order": {
    kernels: ["Transpose"],
    shapes: [[3, 5, 7, 6]],
    run: (x) => transpose(x, [2, 0, 1, 3]),
  },
  "sums over edges": edges(40, 37),
  "an ELU": elementwise((x) => elu(x)),
  "a ReLU": elementwise((x) => relu(x)),
  "a GELU": elementwise((x) => gelu(x, { approximate: "tanh" })),
  "a SiLU": elementwise((x) => silu(x)),
  "a softplus": elementwise((x) => softplus(x)),
};
