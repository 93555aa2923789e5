import { type BackendName, useBackend } from "@pellucid/backends";
import type { DigitsCnn } from "@pellucid/cnn";
import { softmax } from "@pellucid/core-train";
import { memory, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { html } from "../src/draw/element-of.ts";
import { drawingPad } from "./drawing-pad.ts";
import { type Example, examples } from "./examples.ts";
import { digitsNet, useWeights } from "./nets/digits-net.ts";
import "./lab.css";

/** What a story works on. */
export interface Work {
  readonly net: DigitsCnn;
  /** `[1, 8, 8, 1]`, freed by the lab */
  readonly image: Tensor4D;
  readonly pixels: Float32Array;
  /** The class to explain: what it is, or of what a visitor drew what the net takes it for. */
  readonly target: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** What came of it. */
export interface Outcome {
  readonly pictures: readonly HTMLElement[];
  /** What `play` looks at. */
  readonly facts: Readonly<Record<string, number | boolean | string>>;
  /** The answer in a sentence. */
  readonly answer: string;
}

/** A story: a question, and how it is answered. */
export interface Lab {
  readonly question: string;
  readonly formula: string;
  readonly lies: string;
  /** The TypeScript that gives this picture, from `net`, `images` and `target`. */
  readonly code: string;
  readonly run: (work: Work) => Promise<Outcome>;
  /** Which example is shown first. Default: 3. */
  readonly digit?: number;
}

/** What `play` waits for. */
export type LabResult = Outcome & {
  readonly leaked: number;
  readonly backend: string;
  readonly milliseconds: number;
};

const results = new WeakMap<HTMLElement, Promise<LabResult>>();

/** The lab's latest answer. */
export async function answerOf(canvas: HTMLElement): Promise<LabResult> {
  const element = canvas.querySelector<HTMLElement>(".lab");
  const result = element === null ? undefined : results.get(element);
  if (result === undefined) throw new Error("There is no lab in this story.");
  return result;
}

/** The frame around every tool: a question, what it is asked of, where it is computed, the answer. */
export function lab(spec: Lab): HTMLElement {
  const status = html("p", { role: "status", class: "status" }, "Starting …");
  const progress = html("progress", { "aria-label": "Progress", max: 1, value: 0 });
  const cancel = html("button", { type: "button" }, "Cancel");
  const backends = html(
    "select",
    {},
    ...["best", "webgpu", "webgl", "wasm", "cpu"].map((name) => html("option", { value: name }, name)),
  );
  const answer = html("p", { class: "answer", "aria-live": "polite" });
  const pictures = html("div", { class: "pictures" });
  const picks = html("div", { class: "picks", role: "group", "aria-label": "Pick a digit" });
  const copy = html("button", { type: "button" }, "Copy the TypeScript");
  const element = html("section", { class: "lab" }, html("h1", {}, spec.question));
  let stop = new AbortController();
  let current: Example | null = null;

  const ask = (example: Example) => {
    stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    current = example;
    const before = results.get(element)?.catch(() => null) ?? Promise.resolve(null);
    const work = before.then(() => answerNow(example, signal));
    results.set(element, work);
    work.catch((error: unknown) => {
      cancel.disabled = true;
      status.textContent = signal.aborted ? "Cancelled." : String(error);
    });
  };

  const answerNow = async (example: Example, signal: AbortSignal): Promise<LabResult> => {
    signal.throwIfAborted();
    cancel.disabled = false;
    progress.value = 0;
    status.textContent = "Computing …";
    const only = backends.value === "best" ? {} : { only: backends.value as BackendName };
    const { chosen } = await useBackend(only);
    const net = await digitsNet();
    const tensors = memory().numTensors;
    const start = performance.now();
    const image = tensor4d(example.pixels, [1, 8, 8, 1]);
    try {
      const chances = await guess(net, image);
      const target = example.label ?? chances.indexOf(Math.max(...chances));
      const outcome = await spec.run({
        net,
        image,
        pixels: example.pixels,
        target,
        signal,
        onProgress: (done, total) => (progress.value = done / total),
      });
      signal.throwIfAborted();
      const milliseconds = performance.now() - start;
      progress.value = 1;
      cancel.disabled = true;
      status.textContent = `The net says ${target} with ${Math.round(100 * (chances[target] ?? 0))} %. Computed on ${chosen} in ${Math.round(milliseconds)} ms.`;
      answer.textContent = outcome.answer;
      pictures.replaceChildren(...outcome.pictures);
      image.dispose();
      return { ...outcome, backend: chosen, milliseconds, leaked: memory().numTensors - tensors };
    } finally {
      if (!image.isDisposed) image.dispose();
    }
  };

  const pad = drawingPad((pixels) => ask({ pixels, label: null }));
  const picture = html("input", { type: "file", accept: "image/*" });
  picture.addEventListener(
    "change",
    () => void fromFile(picture).then((pixels) => pixels && ask({ pixels, label: null })),
  );
  const weights = html("input", { type: "file", accept: ".safetensors" });
  weights.addEventListener("change", () => {
    void weights.files?.[0]
      ?.arrayBuffer()
      .then(useWeights)
      .then(
        () => current && ask(current),
        (error: unknown) => (status.textContent = String(error)),
      );
  });
  backends.addEventListener("change", () => current && ask(current));
  cancel.addEventListener("click", () => stop.abort(new DOMException("Cancelled.", "AbortError")));
  copy.addEventListener(
    "click",
    () => void navigator.clipboard.writeText(spec.code).then(() => (copy.textContent = "Copied")),
  );

  element.append(
    picks,
    html(
      "details",
      {},
      html("summary", {}, "Draw a digit, bring your own picture or your own weights"),
      html(
        "div",
        { class: "own" },
        pad,
        html("label", {}, "Picture (a light digit on a dark ground) ", picture),
        html("label", {}, "Weights of DigitsCnn (safetensors) ", weights),
      ),
    ),
    html("div", { class: "work" }, html("label", {}, "Backend ", backends), progress, cancel),
    status,
    answer,
    pictures,
    html(
      "details",
      {},
      html("summary", {}, "Show the formula"),
      html("p", { class: "formula" }, spec.formula),
    ),
    html(
      "details",
      {},
      html("summary", {}, "Show the TypeScript"),
      html("pre", { tabindex: 0, role: "region", "aria-label": "TypeScript" }, html("code", {}, spec.code)),
      copy,
    ),
    html("p", { class: "lies" }, html("strong", {}, "When it lies. "), spec.lies),
  );
  const first = examples().then((all) => {
    const buttons = all.map((example, label) => {
      const button = html(
        "button",
        { type: "button", "aria-label": `Digit ${label}`, "aria-pressed": "false" },
        thumbnail(example),
      );
      button.addEventListener("click", () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        ask(example);
      });
      return button;
    });
    picks.append(...buttons);
    return buttons[spec.digit ?? 3];
  });
  results.set(
    element,
    first.then((button) => {
      results.delete(element);
      button?.click();
      return results.get(element) as Promise<LabResult>;
    }),
  );
  return element;
}

async function guess(net: DigitsCnn, image: Tensor4D): Promise<Float32Array> {
  const logits = net.forward(image);
  const chances = softmax(logits);
  const values = (await chances.data()) as Float32Array;
  logits.dispose();
  chances.dispose();
  return values;
}

function thumbnail({ pixels }: Example): HTMLCanvasElement {
  const canvas = html("canvas", { width: 8, height: 8, "aria-hidden": "true" });
  const image = new ImageData(8, 8);
  pixels.forEach((value, i) => image.data.set([255 * value, 255 * value, 255 * value, 255], 4 * i));
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}

/** A picture's brightness in 8×8 places. */
async function fromFile(input: HTMLInputElement): Promise<Float32Array | null> {
  const file = input.files?.[0];
  if (file === undefined) return null;
  const picture = await createImageBitmap(file, { resizeWidth: 8, resizeHeight: 8, resizeQuality: "high" });
  const context = html("canvas", { width: 8, height: 8 }).getContext("2d");
  context?.drawImage(picture, 0, 0);
  const { data } = context?.getImageData(0, 0, 8, 8) ?? new ImageData(8, 8);
  return Float32Array.from(
    { length: 64 },
    (_, i) => ((data[4 * i] as number) + (data[4 * i + 1] as number) + (data[4 * i + 2] as number)) / 765,
  );
}
