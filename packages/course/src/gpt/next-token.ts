import { PellucidBars, type Selection } from "@pellucid/interpret/parts";
import { html } from "../../../interpret/src/draw/element-of.ts";
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
  const slider = (
    key: "temperature" | "topK" | "topP",
    label: string,
    range: { readonly min: number; readonly max: number; readonly step: number },
    text: (value: number) => string,
  ) => {
    const id = `sampling-${key}`;
    const out = html("output", { for: id });
    const input = html("input", { type: "range", id, ...range });
    input.addEventListener("input", () => selection.set({ [key]: Number(input.value) }));
    selection.on([key], (state) => {
      input.value = String(state[key]);
      out.textContent = text(state[key]);
    });
    return html("div", { class: "slider-line" }, html("label", { for: id }, label, " ", out), input);
  };
  const button = html("button", { type: "button", class: "pill" }, "Write 20 characters");
  button.addEventListener("click", () => void writeMany());
  const writeMany = async () => {
    button.disabled = true;
    for (let i = 0; i < 20; i++) {
      const token = draw(shown, Math.random());
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
    slider("temperature", "temperature", { min: 0.1, max: 2, step: 0.05 }, (v) => v.toFixed(2)),
    slider("topK", "top-k", { min: 1, max: 67, step: 1 }, (v) => (v === 67 ? "all" : String(v))),
    slider("topP", "top-p", { min: 0.05, max: 1, step: 0.05 }, (v) => v.toFixed(2)),
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
