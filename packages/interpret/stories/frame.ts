import { type BackendName, moveTensors, useBackend } from "@pellucid/backends";
import { type Module, stateOf } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { html } from "../src/draw/element-of.ts";
import { type LinkedCell, linkDrawings } from "../src/draw/link-drawings.ts";
import { fold, select } from "./parts.ts";
import { labStyle } from "./lab-style.ts";
import { programFiles } from "./program-files.ts";
import type { Show } from "./programs/run.ts";
import { recordedPicture } from "./recorded-picture.ts";
import { addressOf, keepInAddress, writeAddress } from "./story-address.ts";

/** The texts around a story's result. */
export interface Texts {
  readonly question: string;
  readonly formula: string;
  /** What the result does not show, and where it misleads. */
  readonly caveats: string;
}

/** How a program is run. */
export interface Asking {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Shows intermediate pictures. */
  readonly show: Show;
}

/** The result of a story. */
export interface Outcome {
  readonly pictures: readonly HTMLElement[];
  /** What `play` checks. */
  readonly facts: Readonly<Record<string, number | boolean | string>>;
  /** The answer in a sentence. */
  readonly answer: string;
  /** Whether the result can be trusted, where the story tests it. */
  readonly verdict?: { readonly passed: boolean; readonly says: string };
}

/** The result, the model's prediction in a sentence, and the program. */
export interface Answered extends Outcome {
  readonly says: string;
  readonly program: string;
}

/** A model, and the function that computes the result and frees what it makes. */
export interface Asked {
  readonly net: Module;
  readonly answer: (asking: Asking) => Promise<Answered>;
}

/** The result that `play` waits for. */
export type LabResult = Answered & {
  readonly leaked: number;
  readonly backend: string;
  readonly milliseconds: number;
};

/** The frame around a story. */
export interface Frame {
  readonly element: HTMLElement;
  /** Computes a result on the chosen backend when it is this frame's turn, and cancels the previous computation. */
  readonly ask: (asked: () => Promise<Asked>) => Promise<LabResult>;
  /** Shows an error. */
  readonly fails: (error: unknown) => void;
}

/** The controls between the question and the answer. */
export interface FrameParts {
  /** Next to the choice of a backend. */
  readonly choices: readonly HTMLElement[];
  /** Below it. */
  readonly below?: readonly HTMLElement[];
  /** Called when another backend is chosen. */
  readonly again: () => void;
  /** Whether it takes long: on a page with several stories it begins after the others. Default: `false`. */
  readonly slow?: boolean | undefined;
  /** Whether the recorded picture shows this result. Default: `true`. */
  readonly recorded?: boolean;
}

/** The frame of each story: one whose controls have changed is filled anew, and what has the focus keeps it. */
const elements = new Map<string, HTMLElement>();

const results = new WeakMap<HTMLElement, Promise<LabResult>>();

/** The latest result of the story on this page. */
export async function answerOf(canvas: HTMLElement): Promise<LabResult> {
  const element = canvas.querySelector<HTMLElement>(".lab");
  const result = element === null ? undefined : results.get(element);
  if (result === undefined) throw new Error("There is no lab in this story.");
  return result;
}

/** The computation of each story: its controls redraw it and start another. */
const asking = new Map<string, AbortController>();

/** Stories on one page compute one after the other: there is one backend. */
let turn: Promise<unknown> = Promise.resolve();

/** The backend chosen at first: the best one, unless the page is opened with another, `?backend=webgpu`. */
const preferred = new URLSearchParams(location.search).get("backend") ?? "best";

/** How the names of backends are written. */
const spelled: Readonly<Record<BackendName, string>> = {
  cuda: "CUDA",
  webgpu: "WebGPU",
  webgl: "WebGL",
  native: "TensorFlow",
  wasm: "WASM",
  cpu: "the CPU",
};

const onDocsPage = (): boolean => new URLSearchParams(location.search).get("viewMode") === "docs";

/** Until the other stories of a page have asked for their turns. */
const afterOthers = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3000));

/** How long a computation may take before its progress is shown, in milliseconds: what is quicker would only flicker. */
const patience = 400;

/** The frame around a story: a question, its controls, and the stage with the answer, the pictures and the backend; below it what to read with care. */
export function frame({ question, formula, caveats }: Texts, id: string, parts: FrameParts): Frame {
  asking.get(id)?.abort(new DOMException("Replaced by another computation.", "AbortError"));
  labStyle();
  const before = elements.get(id);
  const element = before?.isConnected === true ? before : html("section", { class: "lab" });
  elements.set(id, element);
  const status = html("p", { role: "status", class: "status" }, "Starting …");
  const progress = html("progress", { "aria-label": "Progress", max: 1, value: 0, class: "idle" });
  const cancel = html("button", { type: "button", class: "idle" }, "Cancel");
  const answer = html("p", { class: "answer", "aria-live": "polite" });
  const verdict = html("p", { class: "verdict", hidden: "" });
  const pictures = html("div", { class: "pictures" });
  const code = html("code");
  const copy = html("button", { type: "button" }, "Copy the TypeScript");
  const files = html("p", { class: "files" });
  const backends = select(["best", "webgpu", "webgl", "wasm", "cpu"]);
  backends.value = preferred;
  const link = html("button", { type: "button" }, "Copy link");
  const drawings = linkDrawings(pictures, (cell) => keepInAddress(id, { cell: cellText(cell) }));

  const ask: Frame["ask"] = (asked) => {
    asking.get(id)?.abort(new DOMException("Replaced by another computation.", "AbortError"));
    const stop = new AbortController();
    asking.set(id, stop);
    status.textContent = "Waiting for another story …";
    const shown = setTimeout(() => runs(true), patience);
    const begin = () => {
      const next = turn.then(() => answerNow(asked, stop.signal));
      turn = next.catch(() => null);
      return next;
    };
    const work = parts.slow === true && onDocsPage() ? afterOthers().then(begin) : begin();
    results.set(element, work);
    const ends = () => {
      clearTimeout(shown);
      if (asking.get(id) === stop) runs(false); // not replaced by another computation
    };
    work.then(ends, (error: unknown) => {
      ends();
      if (asking.get(id) === stop) status.textContent = stop.signal.aborted ? "Cancelled." : String(error);
    });
    return work;
  };

  /** Shows that something is being computed, in the room that is kept for it. */
  const runs = (running: boolean) => {
    for (const part of [progress, cancel]) part.classList.toggle("idle", !running);
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
    status.textContent =
      `${found.says} Computed on ${spelled[backend]} in ${Math.round(milliseconds)} ms.`.trimStart();
    answer.textContent = found.answer;
    verdict.hidden = found.verdict === undefined;
    verdict.className = `verdict ${found.verdict?.passed === true ? "passed" : "failed"}`;
    verdict.textContent = found.verdict?.says ?? "";
    pictures.replaceChildren(...found.pictures);
    drawings.select(cellOf(addressOf(id).get("cell")));
    code.textContent = found.program;
    copy.textContent = "Copy the TypeScript";
    files.replaceChildren(...(await programFiles(id, found.program)));
    return { ...found, backend, milliseconds, leaked: memory().numTensors - tensors };
  };

  backends.addEventListener("change", parts.again);
  cancel.addEventListener("click", () => asking.get(id)?.abort(new DOMException("Cancelled.", "AbortError")));
  link.addEventListener("click", () => {
    writeAddress();
    void navigator.clipboard.writeText(location.href).then(() => (link.textContent = "Copied"));
  });
  copy.addEventListener("click", () => {
    void navigator.clipboard.writeText(code.textContent ?? "").then(() => (copy.textContent = "Copied"));
  });
  const stage = html(
    "div",
    { class: "stage" },
    progress,
    html("div", { class: "answers" }, answer, verdict),
    pictures,
    html("footer", {}, status, cancel, link, html("label", {}, "Backend ", backends)),
  );
  const [earlier, options] = [element.querySelector(".pictures"), element.querySelector(".options")];
  if (earlier !== null) pictures.append(...earlier.children);
  for (const child of Array.from(element.children)) if (child !== options) child.remove();
  element.prepend(html("h1", {}, question));
  element.append(
    ...(parts.choices.length === 0 ? [] : [html("div", { class: "choices" }, ...parts.choices)]),
    ...(parts.below ?? []),
    stage,
    html("p", { class: "caveats" }, html("strong", {}, "Limitations. "), caveats),
    fold("Show the formula", html("p", { class: "formula" }, formula)),
    fold(
      "Show the TypeScript",
      html("pre", { tabindex: 0, role: "region", "aria-label": "TypeScript" }, code),
      copy,
      files,
    ),
  );
  if (earlier === null && parts.recorded !== false) pictures.append(...recordedPicture(id));
  const fails = (error: unknown) => (status.textContent = String(error));
  return { element, ask, fails };
}

const cellText = (cell: LinkedCell | null): string | undefined =>
  cell === null ? undefined : [cell.drawing, cell.row, cell.column].join(".");

/** The cell that an address names: `drawing.row.column`. */
function cellOf(text: string | null): LinkedCell | null {
  if (!/^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(text ?? "")) return null;
  const [drawing = 0, row = 0, column = 0] = (text ?? "").split(".").map(Number);
  return { drawing, row, column };
}
