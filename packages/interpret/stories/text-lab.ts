import { type BackendName, moveTensors, useBackend } from "@pellucid/backends";
import { type Module, stateOf } from "@pellucid/core-train";
import { memory, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { html } from "../src/draw/element-of.ts";
import type { LabResult, Outcome } from "./lab.ts";
import type { Reader } from "./nets/reader.ts";
import "./lab.css";

/** What a story about text works on. */
export interface TextWork<Net> {
  readonly net: Net;
  readonly text: string;
  /** One for each token, as they are read. */
  readonly texts: readonly string[];
  /** int32 `[1, token]`, freed by the lab */
  readonly tokens: Tensor2D;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** A story about a text: a question, and how it is answered. */
export interface TextLab<Net> {
  readonly question: string;
  readonly formula: string;
  readonly lies: string;
  /** The TypeScript that gives this picture from `net`, `text` and `tokens`, which stand above it. */
  readonly code: string;
  readonly reader: () => Promise<Reader<Net>>;
  /** What is read first. */
  readonly text: string;
  readonly run: (work: TextWork<Net>) => Promise<Outcome>;
}

const results = new WeakMap<HTMLElement, Promise<LabResult>>();

/** The text lab's latest answer. */
export async function textAnswerOf(canvas: HTMLElement): Promise<LabResult> {
  const element = canvas.querySelector<HTMLElement>(".lab");
  const result = element === null ? undefined : results.get(element);
  if (result === undefined) throw new Error("There is no text lab in this story.");
  return result;
}

/** What was written in a story stays when its controls redraw it. */
const written = new Map<string, { text?: string; stop?: AbortController }>();

/** Labs on one page compute one after the other: there is one backend. */
let turn: Promise<unknown> = Promise.resolve();

/** The frame around every tool for text: a question, a text to write, where it is computed, the answer. */
export function textLab<Net extends Module>(spec: TextLab<Net>, id: string): HTMLElement {
  const state = written.get(id) ?? {};
  written.set(id, state);
  state.stop?.abort(new DOMException("Asked anew.", "AbortError"));
  const status = html("p", { role: "status", class: "status" }, "Starting …");
  const progress = html("progress", { "aria-label": "Progress", max: 1, value: 0 });
  const cancel = html("button", { type: "button" }, "Cancel");
  const answer = html("p", { class: "answer", "aria-live": "polite" });
  const pictures = html("div", { class: "pictures" });
  const input = html("input", { type: "text", size: 36, spellcheck: "false" });
  input.value = state.text ?? spec.text;
  const names: readonly (BackendName | "best")[] = ["best", "webgpu", "webgl", "wasm", "cpu"];
  const backends = html("select", {}, ...names.map((value) => html("option", { value }, value)));
  const code = html("code");
  const copy = html("button", { type: "button" }, "Copy the TypeScript");
  const element = html("section", { class: "lab" }, html("h1", {}, spec.question));

  const ask = () => {
    state.text = input.value;
    state.stop?.abort(new DOMException("Asked anew.", "AbortError"));
    const stop = new AbortController();
    state.stop = stop;
    cancel.disabled = false;
    status.textContent = "Waiting for another answer …";
    const work = turn.then(() => answerNow(input.value, stop.signal));
    turn = work.catch(() => null);
    results.set(element, work);
    work.catch((error: unknown) => {
      if (state.stop !== stop) return; // something newer is being asked
      cancel.disabled = true;
      status.textContent = stop.signal.aborted ? "Cancelled." : String(error);
    });
  };

  const answerNow = async (text: string, signal: AbortSignal): Promise<LabResult> => {
    signal.throwIfAborted();
    progress.value = 0;
    status.textContent = "Computing …";
    const only = backends.value === "best" ? {} : { only: backends.value as BackendName };
    const { chosen } = await useBackend(only);
    const { net, encode, says, code: made } = await spec.reader();
    await moveTensors(stateOf(net));
    const { texts, ids } = encode(text);
    const tensors = memory().numTensors;
    const start = performance.now();
    const tokens = tensor2d(ids, [1, ids.length], "int32");
    try {
      const said = await says(tokens);
      const onProgress = (done: number, total: number) => (progress.value = done / total);
      const outcome = await spec.run({ net, text, texts, tokens, signal, onProgress });
      signal.throwIfAborted();
      const milliseconds = performance.now() - start;
      progress.value = 1;
      cancel.disabled = true;
      status.textContent = `${said} Computed on ${chosen} in ${Math.round(milliseconds)} ms.`;
      answer.textContent = outcome.answer;
      code.textContent = `${made}\nconst text = ${JSON.stringify(text)};\n\n${spec.code}`;
      pictures.replaceChildren(...outcome.pictures);
      tokens.dispose();
      return { ...outcome, backend: chosen, milliseconds, leaked: memory().numTensors - tensors };
    } finally {
      if (!tokens.isDisposed) tokens.dispose();
    }
  };

  input.addEventListener("change", ask);
  backends.addEventListener("change", ask);
  cancel.addEventListener("click", () => state.stop?.abort(new DOMException("Cancelled.", "AbortError")));
  copy.addEventListener("click", () => {
    void navigator.clipboard.writeText(code.textContent ?? "").then(() => (copy.textContent = "Copied"));
  });
  const fold = (summary: string, ...inside: Node[]) =>
    html("details", {}, html("summary", {}, summary), ...inside);
  element.append(
    html(
      "div",
      { class: "work" },
      html("label", {}, "Text ", input),
      html("label", {}, "Backend ", backends),
      progress,
      cancel,
    ),
    status,
    answer,
    pictures,
    fold("Show the formula", html("p", { class: "formula" }, spec.formula)),
    fold(
      "Show the TypeScript",
      html("pre", { tabindex: 0, role: "region", "aria-label": "TypeScript" }, code),
      copy,
    ),
    html("p", { class: "lies" }, html("strong", {}, "When it lies. "), spec.lies),
  );
  ask();
  return element;
}
