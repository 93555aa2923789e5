import { percent } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";

/** What so many strokes have cost: the mean IoU of 40 unseen pictures before them, and now. */
export function strokeCost(strokes: number, before: number, now: number): (string | HTMLElement)[] {
  const value = html("b", {}, percent(now));
  if (strokes === 0) return ["No stroke yet. 40 unseen pictures: ", value, "."];
  const many = strokes === 1 ? "1 stroke" : `${strokes} strokes`;
  return [`${many}. 40 unseen pictures: ${percent(before)} before, `, value, " now."];
}
