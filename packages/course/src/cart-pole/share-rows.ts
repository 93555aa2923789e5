import { short, signed } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { type Frame, inputs } from "./program.ts";

/** A row for each number that the network sees: what it is, and its share in the choice as a bar; `reach` is the share of a bar's full length. */
export function shareRows(frame: Frame, shares: Float32Array, reach: number): HTMLElement[] {
  return inputs.map((name, i) => {
    const value = shares[i] ?? 0;
    const bar = html("i", { class: value < 0 ? "minus" : "plus" });
    bar.style.width = `${Math.min(50, (50 * Math.abs(value)) / reach)}%`;
    return html(
      "tr",
      {},
      html("th", { scope: "row" }, name),
      html("td", {}, short(frame.state[i] ?? 0)),
      html("td", { class: "signed-bar" }, bar),
      html("td", {}, signed(value)),
    );
  });
}
