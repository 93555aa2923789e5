/** TrueObjects of one class in one image: boxes `x, y, width, height`. */
export interface ImageObjects {
  readonly boxes: readonly (readonly number[])[];
  readonly isCrowd: readonly boolean[];
  readonly areas: readonly number[];
}

/** DetectedObjects of one class in one image, by falling score. */
export interface ImageDetections {
  readonly boxes: readonly (readonly number[])[];
  readonly scores: readonly number[];
}

/** How the detections of one image and class were judged at one threshold: `"right"`, `"wrong"`, or `"ignored"`. */
export type Verdict = "right" | "wrong" | "ignored";

/** `[detection][object]`: the IoU, with a crowd the share of the detection that it covers. */
export function overlapsOf(detections: ImageDetections, objects: ImageObjects): number[][] {
  return detections.boxes.map((d) =>
    objects.boxes.map((g, i) => {
      const [dx, dy, dw, dh] = d as [number, number, number, number];
      const [gx, gy, gw, gh] = g as [number, number, number, number];
      const width = Math.min(dx + dw, gx + gw) - Math.max(dx, gx);
      const height = Math.min(dy + dh, gy + gh) - Math.max(dy, gy);
      if (width <= 0 || height <= 0) return 0;
      const shared = width * height;
      return shared / (objects.isCrowd[i] === true ? dw * dh : dw * dh + gw * gh - shared);
    }),
  );
}

/**
 * COCO's assignment: each detection, the best first, gets the free object that it overlaps most, an ignored one only if no other is left; a crowd is never
 * taken. TrueObjects outside of the range of areas are ignored, as are crowds, and with them the detections that they get, and the unassigned ones outside of it.
 *
 * @param overlaps {@link overlapsOf} them
 * @param range of areas, both ends included
 */
export function matchImage(
  detections: ImageDetections,
  objects: ImageObjects,
  overlaps: readonly (readonly number[])[],
  threshold: number,
  [least, most]: readonly [least: number, most: number],
): { readonly verdicts: Verdict[]; readonly counted: number } {
  const outside = (area: number) => area < least || area > most;
  const ignored = objects.areas.map((area, i) => objects.isCrowd[i] === true || outside(area));
  const order = [...ignored.keys()].toSorted((a, b) => Number(ignored[a]) - Number(ignored[b]));
  const taken = new Set<number>();
  const verdicts = detections.boxes.map((box, d): Verdict => {
    let best = Math.min(threshold, 1 - 1e-10);
    let match: number | undefined;
    for (const g of order) {
      if (taken.has(g) && objects.isCrowd[g] !== true) continue;
      if (match !== undefined && ignored[match] === false && ignored[g] === true) break;
      const overlap = overlaps[d]?.[g] ?? 0;
      if (overlap < best) continue;
      best = overlap;
      match = g;
    }
    if (match === undefined) return outside((box[2] ?? NaN) * (box[3] ?? NaN)) ? "ignored" : "wrong";
    taken.add(match);
    return ignored[match] === true ? "ignored" : "right";
  });
  return { verdicts, counted: ignored.filter((is) => !is).length };
}
