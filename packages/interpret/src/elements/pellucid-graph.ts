import { graph } from "../draw/graph.ts";
import type { ModelGraph } from "../inside/model-graph.ts";
import { DrawnElement, type Untitled } from "./drawn-element.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** `<pellucid-graph>`: `data` is what `modelGraph` found. */
export class PellucidGraph extends DrawnElement<ModelGraph, DrawingOptions> {
  protected override read(data: ModelGraph): ModelGraph {
    return data;
  }

  protected override draw(data: ModelGraph, options: Untitled<DrawingOptions> & DrawingOptions): HTMLElement {
    return graph(data, options);
  }
}
