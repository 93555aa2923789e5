import { PellucidDrawPad } from "@pellucid/interpret/parts/draw-pad";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import { html } from "../../../interpret/src/draw/element-of.ts";

/** A pad, its buttons, and ready-made digits below. */
export function padTools(digits: readonly Float32Array[]): {
  readonly pad: PellucidDrawPad;
  readonly picker: PellucidPicker;
  readonly tools: HTMLElement;
} {
  const pad = new PellucidDrawPad();
  const picker = new PellucidPicker();
  picker.setAttribute("label", "Ready-made digits");
  picker.items = digits.map((values, i) => ({
    name: `Take a ready-made ${i}`,
    values,
    height: 28,
    width: 28,
  }));
  const button = (text: string, title: string, does: () => void) => {
    const element = html("button", { type: "button", title }, text);
    element.addEventListener("click", does);
    return element;
  };
  const erase = button("Erase", "Erase ink with the pen, or hold Shift", () => {
    pad.erase = !pad.erase;
    erase.setAttribute("aria-pressed", String(pad.erase));
  });
  erase.setAttribute("aria-pressed", "false");
  const row = html(
    "div",
    { class: "row" },
    button("Clear", "Take all ink away", () => pad.clear()),
    erase,
    button("Undo", "Take the last stroke back", () => pad.undo()),
    button("Center", "Move the ink to the middle, as in the training set", () => pad.center()),
  );
  return { pad, picker, tools: html("div", { class: "pad-tools" }, row, picker) };
}
