import { Rng } from "@pellucid/core-train";
import { PellucidBars } from "@pellucid/interpret/parts/bars";
import type { Selection } from "@pellucid/interpret/parts/selection";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { rangeLine } from "../frame/range-line.ts";
import type { GptState } from "./gpt-state.ts";
import { draw, reshaped } from "./program.ts";

/** The next token: bars of the most probable ones, three sliders that reshape them, and a button that writes. */
export interface NextToken {
  readonly element: HTMLElement;
  /** Shows probabilities of the next token, by name. */
  readonly show: (probabilities: ArrayLike<number>, names: readonly string[]) => void;
}

/** Shown for tokens that cannot be seen. */
export const nameOf = (token: string): string => (token === " " ? "␣" : token === "\n" ? "↵" : token);

/** `write` is called with each token that is drawn. */
export function nextToken(
  selection: Selection<GptState>,
  write: (token: number) => Promise<void>,
): NextToken {
  const bars = new PellucidBars();
  bars.setAttribute("label", "Most probable next characters; press one to write it");
  bars.style.height = "272px";
  bars.style.setProperty("--name-width", "24px");
  let order: number[] = [];
  let shown: Float32Array = new Float32Array();
  const rng = new Rng(0); // the same characters after the same presses
  const button = html("button", { type: "button", class: "pill" }, "Write 20 characters");
  button.addEventListener("click", () => void writeMany());
  const writeMany = async () => {
    button.disabled = true;
    for (let i = 0; i < 20; i++) {
      const token = draw(shown, rng.uint32() / 2 ** 32);
      await write(token);
    }
    button.disabled = false;
  };
  bars.addEventListener("change", () => void write(order[bars.value ?? 0] ?? 0));
  const element = html(
    "div",
    { class: "next-token" },
    html("h2", {}, "The next character"),
    bars,
    rangeLine(selection, "temperature", {
      label: "temperature",
      min: 0.1,
      max: 2,
      step: 0.05,
      text: (v) => v.toFixed(2),
    }),
    rangeLine(selection, "topK", {
      label: "top-k",
      min: 1,
      max: 67,
      step: 1,
      text: (v) => (v === 67 ? "all" : String(v)),
    }),
    rangeLine(selection, "topP", {
      label: "top-p",
      min: 0.05,
      max: 1,
      step: 0.05,
      text: (v) => v.toFixed(2),
    }),
    button,
  );
  let latest: { readonly probabilities: ArrayLike<number>; readonly names: readonly string[] } | null = null;
  const redraw = () => {
    if (latest === null) return;
    const { probabilities, names } = latest;
    shown = reshaped(probabilities, selection.state);
    order = Array.from(names.keys())
      .toSorted((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0))
      .slice(0, 8);
    bars.names = order.map((token) => nameOf(names[token] ?? ""));
    bars.values = order.map((token) => shown[token] ?? 0);
    bars.value = null;
  };
  selection.on(["temperature", "topK", "topP"], redraw);
  return {
    element,
    show: (probabilities, names) => {
      latest = { probabilities, names };
      redraw();
    },
  };
}
