import { short } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";
import type { membraneByHand } from "./program.ts";

/** The sum that makes a membrane, and whether it is above the threshold. */
export function membraneSum(
  { kept, current, reset, membrane }: ReturnType<typeof membraneByHand>,
  threshold: number,
): (string | HTMLElement)[] {
  return [
    `kept ${short(kept)} + current ${short(current)} − reset ${short(reset)} = `,
    html("b", {}, short(membrane)),
    membrane > threshold ? `, above ${short(threshold)}: it spikes.` : `, not above ${short(threshold)}.`,
  ];
}
