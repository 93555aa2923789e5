import { svg } from "../../../interpret/src/draw/element-of.ts";
import type { Corners, ScoredBox } from "./program.ts";

/** The plane that boxes are on. */
export const plane = [480, 300] as const;

/** Three shapes: where they are, and what they are. */
export const objects: readonly { readonly name: string; readonly box: Corners }[] = [
  { name: "circle", box: [50, 60, 170, 180] },
  { name: "square", box: [210, 130, 320, 240] },
  { name: "triangle", box: [340, 50, 450, 160] },
];

/** The shapes as a drawing. */
export function sceneOf(): SVGElement {
  const style = "fill: var(--ink-3); fill-opacity: 0.35;";
  return svg(
    "g",
    { "aria-hidden": "true" },
    svg("circle", { cx: 110, cy: 120, r: 60, style }),
    svg("rect", { x: 210, y: 130, width: 110, height: 110, style }),
    svg("path", { d: "M395 50L450 160L340 160Z", style }),
  );
}

/** What a detector gives before suppression: several boxes for each shape, and two for nothing. */
export const detections: readonly ScoredBox[] = [
  { box: [46, 56, 172, 184], score: 0.96 },
  { box: [62, 70, 186, 190], score: 0.83 },
  { box: [30, 44, 150, 172], score: 0.71 },
  { box: [54, 90, 160, 180], score: 0.44 },
  { box: [206, 126, 322, 246], score: 0.91 },
  { box: [222, 138, 330, 252], score: 0.78 },
  { box: [196, 150, 310, 236], score: 0.52 },
  { box: [338, 54, 452, 164], score: 0.88 },
  { box: [350, 40, 462, 150], score: 0.66 },
  { box: [300, 90, 420, 200], score: 0.37 },
  { box: [150, 20, 240, 90], score: 0.31 },
  { box: [20, 220, 110, 290], score: 0.18 },
];

/** Anchors around one position of a feature map: three sizes, three shapes. */
export function anchorsAt(x: number, y: number): Corners[] {
  return [64, 96, 128].flatMap((size) =>
    [0.5, 1, 2].map((ratio): Corners => {
      const [w, h] = [size * Math.sqrt(ratio), size / Math.sqrt(ratio)];
      return [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
    }),
  );
}
