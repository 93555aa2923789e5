import { OptionError } from "@pellucid/core-train";
import { html } from "./element-of.ts";
import type { DrawingOptions } from "./figure.ts";

/** What the pictures are of. */
export interface ScrubberOptions extends DrawingOptions {
  /** What each is called: `["before training", "epoch 1", …]`. */
  readonly names: readonly string[];
  /** Which is shown first. Default: the last. */
  readonly first?: number;
}

/**
 * Pictures of one thing over time, one at a time: a slider, or the arrow keys, go from one to the next. Draw them on one scale and over one range,
 * else what seems to move is the axes.
 */
export function scrubber(pictures: readonly HTMLElement[], options: ScrubberOptions): HTMLElement {
  const { title, names, first = pictures.length - 1 } = options;
  if (pictures.length === 0 || names.length !== pictures.length)
    throw new OptionError(
      "scrubber",
      "names",
      names.length,
      `${pictures.length}, one for each picture, at least one`,
    );
  const slider = html("input", {
    type: "range",
    min: 0,
    max: pictures.length - 1,
    value: first,
    "aria-label": title,
    style: "width:280px;max-width:100%",
  });
  const name = html("output", { "aria-live": "polite", style: "font-variant-numeric:tabular-nums" });
  const stage = html("div", {});
  const show = () => {
    const at = Number(slider.value);
    const said = names[at] as string;
    name.textContent = said;
    slider.setAttribute("aria-valuetext", said);
    stage.replaceChildren(pictures[at] as HTMLElement);
  };
  slider.addEventListener("input", show);
  show();
  return html(
    "div",
    { class: "pellucid", style: "display:inline-block;max-width:100%;font:14px system-ui,sans-serif" },
    html("div", { style: "display:flex;gap:12px;align-items:center;margin-bottom:6px" }, slider, name),
    stage,
  );
}
