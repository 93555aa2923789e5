import type { EditedBox } from "@pellucid/interpret/parts/box-editor";
import { short } from "@pellucid/interpret/parts/number-text";
import { type Corners, overlapOf } from "./program.ts";
import { objects } from "./scene.ts";

/** The anchors of one position by their IoU with the object that each fits best, as boxes to draw, and in words. */
export async function matchAnchors(
  corners: readonly Corners[],
): Promise<{ readonly boxes: EditedBox[]; readonly says: string }> {
  const found = await Promise.all(
    corners.map(async (box) => {
      const all = await Promise.all(objects.map(async (object) => (await overlapOf(box, object.box)).iou));
      const best = Math.max(...all);
      return { box, best, object: objects[all.indexOf(best)]?.name ?? "" };
    }),
  );
  const matched = found.filter(({ best }) => best >= 0.5);
  const order = found.toSorted((a, b) => b.best - a.best);
  const boxes = order.map(({ box, best }, i): EditedBox => {
    const look = best >= 0.5 ? "strong" : best >= 0.4 ? "plain" : "pale";
    const name = i === 0 ? short(best) : ""; // those of the others would lie on each other
    return { corners: box, name, movable: false, look, color: best >= 0.5 ? "plus" : "ink" };
  });
  const best = short(order[0]?.best ?? 0);
  const whose =
    matched.length === 0
      ? `None of the nine anchors here has an IoU of 0.5 with an object; the best has ${best}.`
      : `${matched.length} of nine anchors here belong to the ${matched[0]?.object}; the best has an IoU of ${best}.`;
  const sorted = order.map((anchor) => short(anchor.best)).join(", ");
  return { boxes: boxes.toReversed(), says: `${whose} From the best to the worst: ${sorted}.` }; // the best one is drawn last, on top
}
