// Importing this file defines the elements, once.
import { PellucidHeatmap } from "./pellucid-heatmap.ts";
import { PellucidOverlay } from "./pellucid-overlay.ts";
import { PellucidImageGrid } from "./pellucid-image-grid.ts";
import { PellucidHistogram } from "./pellucid-histogram.ts";
import { PellucidCurves } from "./pellucid-curves.ts";
import { PellucidScatter } from "./pellucid-scatter.ts";
import { PellucidScatter3d } from "./pellucid-scatter3d.ts";
import { PellucidMatrix } from "./pellucid-matrix.ts";
import { PellucidGraph } from "./pellucid-graph.ts";
import { PellucidTokens } from "./pellucid-tokens.ts";

const elements = {
  "pellucid-heatmap": PellucidHeatmap,
  "pellucid-overlay": PellucidOverlay,
  "pellucid-image-grid": PellucidImageGrid,
  "pellucid-histogram": PellucidHistogram,
  "pellucid-curves": PellucidCurves,
  "pellucid-scatter": PellucidScatter,
  "pellucid-scatter3d": PellucidScatter3d,
  "pellucid-matrix": PellucidMatrix,
  "pellucid-graph": PellucidGraph,
  "pellucid-tokens": PellucidTokens,
};
for (const [name, element] of Object.entries(elements)) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

declare global {
  interface HTMLElementTagNameMap {
    "pellucid-heatmap": PellucidHeatmap;
    "pellucid-overlay": PellucidOverlay;
    "pellucid-image-grid": PellucidImageGrid;
    "pellucid-histogram": PellucidHistogram;
    "pellucid-curves": PellucidCurves;
    "pellucid-scatter": PellucidScatter;
    "pellucid-scatter3d": PellucidScatter3d;
    "pellucid-matrix": PellucidMatrix;
    "pellucid-graph": PellucidGraph;
    "pellucid-tokens": PellucidTokens;
  }
}

export {
  PellucidHeatmap,
  PellucidOverlay,
  PellucidImageGrid,
  PellucidHistogram,
  PellucidCurves,
  PellucidScatter,
  PellucidTokens,
};
