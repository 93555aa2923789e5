import { type BackendName, moveTensors, useBackend } from "@pellucid/backends";
import { type Module, stateOf } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { html } from "../src/draw/element-of.ts";
import { fold, select } from "./parts.ts";
import { programFiles } from "./program-files.ts";
import { recordedPicture } from "./recorded-picture.ts";
import "./lab.css";

/** What is written around every tool. */
export interface Texts {
  readonly question: string;
  readonly formula: string;
  /** What the tool does not show, and where it misleads. */
  readonly caveats: string;
}

/** What a tool has while it works. */
export interface Asking {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Shows what there is so far. */
  readonly show: (...pictures: HTMLElement[]) => void;
}

/** What came of it. */
export interface Outcome {
  readonly pictures: readonly HTMLElement[];
  /** What `play` looks at. */
  readonly facts: Readonly<Record<string, number | boolean | string>>;
  /** The answer in a sentence. */
  readonly answer: string;
  /** Whether it can be believed, where that was asked. */
  readonly verdict?: { readonly passed: boolean; readonly says: string };
}

/** What came of it, what the net itself says, and the program for it. */
export interface Answered extends Outcome {
  readonly says: string;
  readonly program: string;
}

/** A net, and how it is asked; what is held while it is asked is freed. */
export interface Asked {
  readonly net: Module;
  readonly answer: (asking: Asking) => Promise<Answered>;
}

/** What `play` waits for. */
export type LabResult = Answered & {
  readonly leaked: number;
  readonly backend: string;
  readonly milliseconds: number;
};

/** What stands around every tool. */
export interface Frame {
  readonly element: HTMLElement;
  /** Asks when it is this frame's turn, on the chosen backend; what it was asked before is cancelled. */
  readonly ask: (asked: () => Promise<Asked>) => Promise<LabResult>;
  /** Tells of a failure. */
  readonly fails: (error: unknown) => void;
}

/** What is between the question and the answer. */
export interface FrameParts {
  /** Next to the choice of a backend. */
  readonly choices: readonly HTMLElement[];
  /** Below it. */
  readonly below?: readonly HTMLElement[];
  /** Another backend was chosen. */
  readonly again: () => void;
  /** Whether the recorded picture is of what is asked. Default: `true`. */
  readonly recorded?: boolean;
}

const results = new WeakMap<HTMLElement, Promise<LabResult>>();

/** The latest answer of the lab in this story. */
export async function answerOf(canvas: HTMLElement): Promise<LabResult> {
  const element = canvas.querySelector<HTMLElement>(".lab");
  const result = element === null ? undefined : results.get(element);
  if (result === undefined) throw new Error("There is no lab in this story.");
  return result;
}

/** What is being computed for each story: its controls redraw it, and ask anew. */
const asking = new Map<string, AbortController>();

/** Labs on one page compute one after the other: there is one backend. */
let turn: Promise<unknown> = Promise.resolve();

/** The backend that stories ask first: the best one, unless the page is opened with another, `?backend=webgpu`. */
const preferred = new URLSearchParams(location.search).get("backend") ?? "best";

/** The frame around every tool: a question, what it is asked of, where it is computed, the answer, the program. */
export function frame({ question, formula, caveats }: Texts, id: string, parts: FrameParts): Frame {
  asking.get(id)?.abort(new DOMException("Asked anew.", "AbortError"));
  const status = html("p", { role: "status", class: "status" }, "Starting …");
  const progress = html("progress", { "aria-label": "Progress", max: 1, value: 0 });
  const cancel = html("button", { type: "button" }, "Cancel");
  const answer = html("p", { class: "answer", "aria-live": "polite" });
  const verdict = html("p", { class: "verdict", hidden: "" });
  const pictures = html("div", { class: "pictures" });
  const code = html("code");
  const copy = html("button", { type: "button" }, "Copy the TypeScript");
  const files = html("p", { class: "files" });
  const backends = select(["best", "webgpu", "webgl", "wasm", "cpu"]);
  backends.value = preferred;
  const element = html("section", { class: "lab" }, html("h1", {}, question));

  const ask: Frame["ask"] = (asked) => {
    asking.get(id)?.abort(new DOMException("Asked anew.", "AbortError"));
    const stop = new AbortController();
    asking.set(id, stop);
    cancel.disabled = false;
    status.textContent = "Waiting for another answer …";
    const work = turn.then(() => answerNow(asked, stop.signal));
    turn = work.catch(() => null);
    results.set(element, work);
    work.catch((error: unknown) => {
      if (asking.get(id) !== stop) return; // something newer is being asked
      cancel.disabled = true;
      status.textContent = stop.signal.aborted ? "Cancelled." : String(error);
    });
    return work;
  };

  const answerNow = async (asked: () => Promise<Asked>, signal: AbortSignal): Promise<LabResult> => {
    signal.throwIfAborted();
    progress.value = 0;
    status.textContent = "Computing …";
    const only = backends.value === "best" ? {} : { only: backends.value as BackendName };
    const { chosen: backend } = await useBackend(only);
    const { net, answer: find } = await asked();
    await moveTensors(stateOf(net));
    const tensors = memory().numTensors;
    const start = performance.now();
    const found = await find({
      signal,
      onProgress: (done, total) => (progress.value = done / total),
      show: (...drawn) => pictures.replaceChildren(...drawn),
    });
    signal.throwIfAborted();
    const milliseconds = performance.now() - start;
    progress.value = 1;
    cancel.disabled = true;
    status.textContent =
      `${found.says} Computed on ${backend} in ${Math.round(milliseconds)} ms.`.trimStart();
    answer.textContent = found.answer;
    verdict.hidden = found.verdict === undefined;
    verdict.className = `verdict ${found.verdict?.passed === true ? "passed" : "failed"}`;
    verdict.textContent = found.verdict?.says ?? "";
    pictures.replaceChildren(...found.pictures);
    code.textContent = found.program;
    copy.textContent = "Copy the TypeScript";
    files.replaceChildren(...(await programFiles(id, found.program)));
    return { ...found, backend, milliseconds, leaked: memory().numTensors - tensors };
  };

  backends.addEventListener("change", parts.again);
  cancel.addEventListener("click", () => asking.get(id)?.abort(new DOMException("Cancelled.", "AbortError")));
  copy.addEventListener("click", () => {
    void navigator.clipboard.writeText(code.textContent ?? "").then(() => (copy.textContent = "Copied"));
  });
  element.append(
    html("div", { class: "work" }, ...parts.choices, html("label", {}, "Backend ", backends)),
    ...(parts.below ?? []),
    html("div", { class: "work" }, progress, cancel),
    status,
    answer,
    verdict,
    pictures,
    fold("Show the formula", html("p", { class: "formula" }, formula)),
    fold(
      "Show the TypeScript",
      html("pre", { tabindex: 0, role: "region", "aria-label": "TypeScript" }, code),
      copy,
      files,
    ),
    html("p", { class: "caveats" }, html("strong", {}, "Limitations. "), caveats),
  );
  if (parts.recorded !== false) pictures.append(...recordedPicture(id));
  const fails = (error: unknown) => (status.textContent = String(error));
  return { element, ask, fails };
}
