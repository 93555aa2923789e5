import { Flatten, Identity, Linear, Unflatten } from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

export const linear: readonly LayerRow[] = [
  {
    title: "Linear(5, 3)",
    make: (rng) => new Linear(5, 3, { rng }),
    refuses: [[2, 4], "Linear(5, 3): x is [2, 4], expected [..., 5]."],
  },
  { title: "Linear(5, 3), no bias", make: (rng) => new Linear(5, 3, { rng, bias: false }) },
  { title: "Flatten", make: () => new Flatten() },
  { title: "Flatten, sequences", make: () => new Flatten() },
  {
    title: "Unflatten([3, 2, 4])",
    make: () => new Unflatten([3, 2, 4]),
    refuses: [[2, 23], "Unflatten(3, 2, 4): x is [2, 23], expected [batch, 24]."],
  },
  { title: "Unflatten([3, 4])", make: () => new Unflatten([3, 4]) },
  { title: "Identity", make: () => new Identity() },
];
