// Importing this file defines the elements, once. On a server, where there are none, it does nothing.
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
if (globalThis.customElements !== undefined)
  for (const [name, element] of Object.entries(elements))
    if (customElements.get(name) === undefined) customElements.define(name, element);

/** What an element takes in JSX: its properties, its label, and any attribute of HTML. */
type Props<Element extends { readonly data: unknown; readonly options: object }> = Partial<
  Pick<Element, "data" | "options">
> & { readonly label?: string } & Readonly<Record<string, unknown>>;

/** The elements for JSX. In React 19: `declare module "react" { namespace JSX { interface IntrinsicElements extends PellucidJsx {} } }`. */
export type PellucidJsx = {
  readonly [Name in keyof typeof elements]: Props<InstanceType<(typeof elements)[Name]>>;
};

declare global {
  // where a framework looks for JSX in the global scope
  namespace JSX {
    interface IntrinsicElements extends PellucidJsx {}
  }
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
  PellucidScatter3d,
  PellucidMatrix,
  PellucidGraph,
  PellucidTokens,
};
export type { TokensData } from "./pellucid-tokens.ts";
export type { CurvesData } from "./pellucid-curves.ts";
export type { Pictured } from "./pictured.ts";
