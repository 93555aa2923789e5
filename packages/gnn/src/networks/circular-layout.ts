import { checkNetwork } from "./check-network.ts";
import { checkOptions } from "@pellucid/core-train";
import { type Layout, rescaled } from "./layout.ts";
import type { LayoutOptions } from "./layout-options.ts";
import type { Network } from "./network.ts";

/** The nodes on a circle, counter-clockwise from the right, as networkx's `circular_layout`. */
export function circularLayout(network: Network, options: LayoutOptions = {}): Layout {
  checkNetwork("circularLayout", network);
  checkOptions("circularLayout", options, ["scale", "center"]);
  const { scale = 1, center = [0, 0] } = options;
  const nodes = network.nodes();
  if (nodes.length === 1) return new Map(nodes.map((node) => [node, [...center]]));
  const points = nodes.map((_, i) => {
    const angle = Math.fround((2 * Math.PI * i) / nodes.length);
    return [Math.fround(Math.cos(angle)), Math.fround(Math.sin(angle))] as const;
  });
  const scaled = rescaled(points, scale, center);
  return new Map(nodes.map((node, i) => [node, scaled[i] as [number, number]]));
}
