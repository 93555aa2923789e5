import { type BackendName, moveTensors, useBackend } from "@pellucid/backends";
import { type Layer, loadWeights, type Module, softmax, stateOf } from "@pellucid/core-train";
import { memory, type Tensor2D, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { html } from "../src/draw/element-of.ts";
import { paintPicture } from "../src/draw/picture.ts";
import { drawingPad } from "./drawing-pad.ts";
import { type Example, examples, fromFile, ownExample } from "./examples.ts";
import type { Subject } from "./nets/subject.ts";
import { convolutional, subject, type SubjectName, titles } from "./nets/subjects.ts";
import "./lab.css";

/** What a story works on. */
export interface Work {
  readonly subject: Subject;
  readonly net: Module & Layer<Tensor4D, Tensor2D>;
  /** `[1, height, width, color]`, freed by the lab */
  readonly image: Tensor4D;
  readonly pixels: Float32Array;
  /** The class to explain: what it is, or of what a visitor brought what the net takes it for. */
  readonly target: number;
  /** That class's name. */
  readonly name: string;
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

/** A story: a question, and how it is answered. */
export interface Lab {
  readonly question: string;
  readonly formula: string;
  readonly lies: string;
  /** The TypeScript that gives this picture from `net`, `images` and `target`, which stand above it. */
  readonly code: (subject: Subject) => string;
  readonly run: (work: Work) => Promise<Outcome>;
  /** The net that is asked first. Default: `"digits"`. */
  readonly net?: SubjectName;
  /** Those that can be asked. Default: {@link convolutional}. */
  readonly nets?: readonly SubjectName[];
  /** Which picture is asked about first. Default: 3. */
  readonly example?: number;
  /** Whether it is about a picture, or about the net alone. Default: `"picture"`. */
  readonly about?: "picture" | "net";
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

/** What was picked in a story stays when its controls redraw it. */
const picked = new Map<string, { net?: SubjectName; example?: number | Example; stop?: AbortController }>();

/** What stories showed when `record-pictures.ts` last went through them, by their ids. */
const recorded = import.meta.glob<string>("./recorded/*.webp", {
  query: "?url",
  import: "default",
  eager: true,
});

/** The recorded picture, to be seen until the live one is there. */
function recordedPicture(id: string): HTMLElement[] {
  const address = recorded[`./recorded/${id}.webp`];
  if (address === undefined) return [];
  return [
    html(
      "figure",
      { class: "recorded" },
      html("figcaption", {}, "Recorded before; it is now being computed here."),
      html("img", { src: address, alt: "What this story showed when it was recorded" }),
    ),
  ];
}

/** Labs on one page compute one after the other: there is one backend. */
let turn: Promise<unknown> = Promise.resolve();

/** The frame around every tool: a question, what it is asked of, where it is computed, the answer. */
export function lab(spec: Lab, id: string): HTMLElement {
  const state = picked.get(id) ?? {};
  picked.set(id, state);
  state.stop?.abort(new DOMException("Asked anew.", "AbortError"));
  const about = spec.about ?? "picture";
  const status = html("p", { role: "status", class: "status" }, "Starting …");
  const progress = html("progress", { "aria-label": "Progress", max: 1, value: 0 });
  const cancel = html("button", { type: "button" }, "Cancel");
  const answer = html("p", { class: "answer", "aria-live": "polite" });
  const verdict = html("p", { class: "verdict", hidden: "" });
  const pictures = html("div", { class: "pictures" });
  const picks = html("div", { class: "picks", role: "group", "aria-label": "Pick a picture" });
  const own = html("div", { class: "own" });
  const code = html("code");
  const copy = html("button", { type: "button" }, "Copy the TypeScript");
  const element = html("section", { class: "lab" }, html("h1", {}, spec.question));
  const nets = select(spec.nets ?? convolutional, titles);
  nets.value = state.net ?? spec.net ?? "digits";
  const backends = select(["best", "webgpu", "webgl", "wasm", "cpu"]);
  const onlyThis = () => (backends.value === "best" ? {} : { only: backends.value as BackendName });

  const ask = (of: Subject, example: Example) => {
    state.stop?.abort(new DOMException("Asked anew.", "AbortError"));
    const stop = new AbortController();
    state.stop = stop;
    cancel.disabled = false;
    status.textContent = "Waiting for another answer …";
    const work = turn.then(() => answerNow(of, example, stop.signal));
    turn = work.catch(() => null);
    results.set(element, work);
    work.catch((error: unknown) => {
      if (state.stop !== stop) return; // something newer is being asked
      cancel.disabled = true;
      status.textContent = stop.signal.aborted ? "Cancelled." : String(error);
    });
  };

  const answerNow = async (of: Subject, example: Example, signal: AbortSignal): Promise<LabResult> => {
    signal.throwIfAborted();
    progress.value = 0;
    status.textContent = "Computing …";
    const { chosen } = await useBackend(onlyThis());
    await moveTensors(stateOf(of.model));
    const tensors = memory().numTensors;
    const start = performance.now();
    const image = tensor4d(example.pixels, [1, ...of.shape]);
    try {
      const chances = await guess(of.model, image);
      const says = chances.indexOf(Math.max(...chances));
      const target = example.label ?? says;
      code.textContent = program(spec, of, example, target);
      const outcome = await spec.run({
        subject: of,
        net: of.model,
        image,
        pixels: example.pixels,
        target,
        name: of.classes[target] as string,
        signal,
        onProgress: (done, total) => (progress.value = done / total),
        show: (...drawn) => pictures.replaceChildren(...drawn),
      });
      signal.throwIfAborted();
      const milliseconds = performance.now() - start;
      progress.value = 1;
      cancel.disabled = true;
      const sure = `The net says ${of.classes[says]} with ${(100 * (chances[says] as number)).toFixed(1)} %. `;
      status.textContent = `${about === "picture" ? sure : ""}Computed on ${chosen} in ${Math.round(milliseconds)} ms.`;
      answer.textContent = outcome.answer;
      verdict.hidden = outcome.verdict === undefined;
      verdict.className = `verdict ${outcome.verdict?.passed === true ? "passed" : "failed"}`;
      verdict.textContent = outcome.verdict?.says ?? "";
      pictures.replaceChildren(...outcome.pictures);
      image.dispose();
      return { ...outcome, backend: chosen, milliseconds, leaked: memory().numTensors - tensors };
    } finally {
      if (!image.isDisposed) image.dispose();
    }
  };

  /** Shows the net's pictures, and asks about one. */
  const open = async (): Promise<LabResult> => {
    await useBackend(onlyThis()); // a net needs one to be loaded
    const of = await subject(nets.value as SubjectName);
    const all = await examples(of);
    const buttons = all.map((example, i) => {
      const thumbnail = html("canvas", { "aria-hidden": "true" });
      paintPicture(thumbnail, { data: example.pixels, shape: of.shape });
      const label = `Picture of ${of.classes[i]}`;
      const button = html(
        "button",
        { type: "button", "aria-label": label, "aria-pressed": "false" },
        thumbnail,
      );
      button.addEventListener("click", () => pick(i));
      return button;
    });
    const press = (pressed: number | null) =>
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === pressed)));
    const pick = (which: number | Example) => {
      state.example = which;
      press(typeof which === "number" ? which : null);
      ask(of, typeof which === "number" ? (all[which % all.length] as Example) : which);
    };
    picks.replaceChildren(...(about === "picture" ? buttons : []));
    own.replaceChildren(...bring(of, (example) => pick(example ?? state.example ?? 0), status, about));
    pick(state.example ?? spec.example ?? 3);
    return results.get(element) as Promise<LabResult>;
  };

  nets.addEventListener("change", () => {
    state.net = nets.value as SubjectName;
    delete state.example;
    void open();
  });
  backends.addEventListener("change", () => void open());
  cancel.addEventListener("click", () => state.stop?.abort(new DOMException("Cancelled.", "AbortError")));
  copy.addEventListener(
    "click",
    () =>
      void navigator.clipboard.writeText(code.textContent ?? "").then(() => (copy.textContent = "Copied")),
  );
  element.append(
    html("div", { class: "work" }, html("label", {}, "Net ", nets), html("label", {}, "Backend ", backends)),
    picks,
    fold(
      about === "picture" ? "Draw, bring your own picture or your own weights" : "Bring your own weights",
      own,
    ),
    html("div", { class: "work" }, progress, cancel),
    status,
    answer,
    verdict,
    pictures,
    fold("Show the formula", html("p", { class: "formula" }, spec.formula)),
    fold(
      "Show the TypeScript",
      html("pre", { tabindex: 0, role: "region", "aria-label": "TypeScript" }, code),
      copy,
    ),
    html("p", { class: "lies" }, html("strong", {}, "When it lies. "), spec.lies),
  );
  if (state.example === undefined && state.net === undefined) pictures.append(...recordedPicture(id));
  const first = open();
  first.catch((error: unknown) => (status.textContent ||= String(error)));
  results.set(element, first);
  return element;
}

function select(values: readonly string[], texts: Readonly<Record<string, string>> = {}): HTMLSelectElement {
  return html("select", {}, ...values.map((value) => html("option", { value }, texts[value] ?? value)));
}

function fold(summary: string, ...inside: Node[]): HTMLElement {
  return html("details", {}, html("summary", {}, summary), ...inside);
}

/** What visitors can bring; `null` is what was asked about before, with other weights. */
function bring(
  of: Subject,
  ask: (example: Example | null) => void,
  status: HTMLElement,
  about: "picture" | "net",
): HTMLElement[] {
  const fails = (error: unknown) => (status.textContent = String(error));
  const file = html("input", { type: "file", accept: "image/*" });
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen !== undefined)
      void fromFile(chosen, of.shape).then((pixels) => ask(ownExample(pixels, of.shape)), fails);
  });
  const weights = html("input", { type: "file", accept: ".safetensors" });
  weights.addEventListener("change", () => {
    const [chosen] = weights.files ?? [];
    if (chosen !== undefined)
      void chosen
        .arrayBuffer()
        .then((read) => loadWeights(of.model, read))
        .then(() => ask(null), fails);
  });
  const kind = of.shape[2] === 3 ? "Picture" : "Picture (light on a dark ground)";
  return [
    ...(about === "picture"
      ? [
          drawingPad(of.shape, (pixels) => ask(ownExample(pixels, of.shape))),
          html("label", {}, `${kind} `, file),
        ]
      : []),
    html("label", {}, "Weights of this net (safetensors) ", weights),
  ];
}

/** The whole program: the net, the picture, the tool. */
function program(spec: Lab, of: Subject, example: Example, target: number): string {
  const image = `import { tensor4d } from "@tensorflow/tfjs-core";

const image = ${example.code};
const images = tensor4d(image.data, [1, ...image.shape]);
const target = ${target}; // ${of.classes[target]}
`;
  return `${of.code}
${spec.about === "net" ? "" : image}
${spec.code(of)}`;
}

async function guess(net: Work["net"], image: Tensor4D): Promise<Float32Array> {
  const logits = net.forward(image);
  const chances = softmax(logits);
  const values = (await chances.data()) as Float32Array;
  logits.dispose();
  chances.dispose();
  return values;
}
