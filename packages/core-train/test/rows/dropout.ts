import {
  AlphaDropout,
  Dropout,
  Dropout1d,
  Dropout2d,
  Dropout3d,
  FeatureAlphaDropout,
} from "@pellucid/core-train";
import type { LayerRow } from "./layer-row.ts";

export const dropout: readonly LayerRow[] = [
  ...[0.3, 0, 1].flatMap((p): LayerRow[] => [
    { title: `Dropout(${p})`, make: (rng) => new Dropout(p, { rng }) },
    { title: `AlphaDropout(${p})`, make: (rng) => new AlphaDropout(p, { rng }) },
  ]),
  { title: "Dropout(0.5), sequences", make: (rng) => new Dropout(0.5, { rng }) },
  { title: "Dropout(0.5), inference", make: (rng) => new Dropout(0.5, { rng }) },
  { title: "AlphaDropout(0.2), inference", make: (rng) => new AlphaDropout(0.2, { rng }) },
  { title: "FeatureAlphaDropout(0.4)", make: (rng) => new FeatureAlphaDropout(0.4, { rng }) },
  {
    title: "Dropout1d(0.4)",
    make: (rng) => new Dropout1d(0.4, { rng }),
    refuses: [[2, 3], "Dropout1d: x is [2, 3], expected [batch, time, channel]."],
  },
  {
    title: "Dropout2d(0.4)",
    make: (rng) => new Dropout2d(0.4, { rng }),
    refuses: [[2, 3, 4], "Dropout2d: x is [2, 3, 4], expected [batch, height, width, channel]."],
  },
  {
    title: "Dropout3d(0.4)",
    make: (rng) => new Dropout3d(0.4, { rng }),
    refuses: [[2, 3], "Dropout3d: x is [2, 3], expected [batch, depth, height, width, channel]."],
  },
];
