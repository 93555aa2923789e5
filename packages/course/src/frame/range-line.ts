import type { Selection } from "@pellucid/interpret/parts/selection";
import { html } from "../../../interpret/src/draw/element-of.ts";

/** Options for {@link rangeLine}. */
export interface RangeLineOptions {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** How the value is written. */
  readonly text?: (value: number) => string;
}

/** A slider of one number of a selection, with its label and its value. */
export function rangeLine<Key extends string, S extends Readonly<Record<Key, number>>>(
  selection: Selection<S>,
  key: Key,
  { label, text = (value) => String(Math.round(1e4 * value) / 1e4), ...range }: RangeLineOptions,
): HTMLElement {
  const id = `range-${key}`;
  const out = html("output", { for: id });
  const input = html("input", { type: "range", id, ...range });
  input.addEventListener("input", () => selection.set({ [key]: Number(input.value) } as Partial<S>));
  selection.on([key], (state) => {
    input.value = String(state[key]);
    out.textContent = text(state[key]);
  });
  return html("div", { class: "slider-line" }, html("label", { for: id }, label, " ", out), input);
}
