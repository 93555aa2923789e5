import { html } from "../../../interpret/src/draw/element-of.ts";
import type { Run } from "./program.ts";

/** A row for each weight: its gradient over its size on a logarithmic bar, or what is wrong with it. */
export function flowRows(flow: Awaited<ReturnType<Run["step"]>>["flow"]): HTMLElement[] {
  return flow
    .filter(({ path }) => path.endsWith("weight"))
    .map(({ path, ratio, alarm }) => {
      const width = Math.max(0, Math.min(1, (Math.log10(Math.max(1e-6, ratio)) + 6) / 8));
      const bar = html("i", {});
      bar.style.width = `${(100 * width).toFixed(0)}%`;
      return html(
        "div",
        { class: alarm === null ? "flow-row" : "flow-row alarm" },
        html("span", {}, path.replace(".weight", "")),
        html("span", { class: "track" }, bar),
        html("span", {}, alarm ?? ratio.toExponential(0).replace("-", "−")),
      );
    });
}
