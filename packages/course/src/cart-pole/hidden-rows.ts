import { short } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { inputs } from "./program.ts";

/** What hiding each number has shown. */
export interface HiddenNumbers {
  readonly bySaliency: readonly number[];
  readonly bySize: readonly number[];
  /** Steps that the pole stays up without each number. */
  readonly hidden: readonly number[];
  readonly whole: number;
  readonly random: number;
}

/** The table of what hiding each number does, with nothing hidden and with random pushes below. */
export function hiddenRows({ bySaliency, bySize, hidden, whole, random }: HiddenNumbers): HTMLElement[] {
  const row = (name: string, cells: readonly string[], attributes: Readonly<Record<string, string>> = {}) =>
    html("tr", attributes, html("th", { scope: "row" }, name), ...cells.map((text) => html("td", {}, text)));
  return [
    html(
      "tr",
      {},
      ...["hidden", "gradient × change", "size", "steps without it"].map((text) =>
        html("th", { scope: "col" }, text),
      ),
    ),
    ...inputs.map((name, i) =>
      row(name, [short(bySaliency[i] ?? 0), short(bySize[i] ?? 0), short(hidden[i] ?? 0, 0)]),
    ),
    row("nothing hidden", ["", "", short(whole, 0)], { class: "own" }),
    row("random pushes", ["", "", short(random, 0)]),
  ];
}
