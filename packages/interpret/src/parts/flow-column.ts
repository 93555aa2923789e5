import { html } from "../draw/element-of.ts";
import type { Maps } from "./explain-number.ts";

/** A column of maps. */
export interface FlowLayer extends Maps {
  readonly name: string;
  readonly does: string;
  /** How many maps are next to each other. */
  readonly columns: number;
  /** The side of a map in pixels. */
  readonly side: number;
  /** Whether each map reads one map of the previous layer, or all. */
  readonly reads: "one" | "all";
}

/** The buttons of a layer's maps; each holds its canvas and a box that frames a square. */
export function flowMaps({ name, maps, height, width }: FlowLayer, layer: number): HTMLButtonElement[] {
  return Array.from({ length: maps }, (_, unit) => {
    const button = html(
      "button",
      {
        type: "button",
        class: "map",
        tabindex: -1,
        "aria-pressed": "false",
        "aria-label": `${name}, map ${unit + 1}`,
      },
      html("canvas", { width, height, "aria-hidden": "true" }),
      html("i", { class: "box" }),
    );
    button.dataset["layer"] = String(layer);
    button.dataset["unit"] = String(unit);
    return button;
  });
}

/** A layer's column: its name, what it does, its maps and their shape. */
export function flowColumn(
  { name, does, maps, height, width, columns, side }: FlowLayer,
  buttons: readonly HTMLButtonElement[],
): HTMLElement {
  const label = `${name}: ${does}`;
  return html(
    "div",
    { class: "layer", role: "group", "aria-label": label, style: `--columns:${columns};--side:${side}px` },
    html("h2", {}, name),
    html("p", { class: "does" }, does),
    html("div", { class: "maps" }, ...buttons),
    html("p", { class: "shape" }, `${maps} × ${height} × ${width}`),
  );
}
