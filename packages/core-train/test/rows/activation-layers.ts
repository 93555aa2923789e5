import { GLU, LogSoftmax, PReLU, RReLU, Softmax, Softmax2d, Softmin } from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

export const activationLayers: readonly LayerRow[] = [
  { title: "PReLU", make: () => new PReLU() },
  {
    title: "PReLU(4)",
    make: () => new PReLU(4, { init: 0.1 }),
    refuses: [[2, 3], "PReLU(4): x is [2, 3], expected [..., 4]."],
  },
  { title: "RReLU", make: (rng) => new RReLU({ rng }) },
  { title: "RReLU, images", make: (rng) => new RReLU({ rng, lower: 0.2, upper: 0.6 }) },
  { title: "RReLU, inference", make: (rng) => new RReLU({ rng }) },
  {
    title: "GLU",
    make: () => new GLU(),
    refuses: [[2, 3], "glu: x is [2, 3], expected an even size along axis 1: one half gates the other."],
  },
  { title: "GLU, axis 1", make: () => new GLU(1) },
  { title: "Softmax", make: () => new Softmax() },
  { title: "Softmax, axis 1", make: () => new Softmax(1) },
  { title: "LogSoftmax", make: () => new LogSoftmax() },
  { title: "LogSoftmax, axis 0", make: () => new LogSoftmax(0) },
  { title: "Softmin", make: () => new Softmin() },
  {
    title: "Softmax2d",
    make: () => new Softmax2d(),
    refuses: [[2, 3], "Softmax2d: x is [2, 3], expected [batch, height, width, channel]."],
  },
];
