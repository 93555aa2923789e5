import { type BackendName, useBackend } from "@pellucid/backends";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { PellucidGuess } from "@pellucid/interpret/parts/guess";
import { getBackend, memory } from "@tensorflow/tfjs-core";
import { codeBlock } from "./code-block.ts";
import { embedCode } from "./embed-code.ts";
import { type Exercise, exerciseList } from "./exercise-list.ts";
import { type LessonName, neighborsOf } from "./lesson-order.ts";
import { pageStyle } from "./page-style.ts";
import { topBar } from "./top-bar.ts";

/** A case that covers the answer and asks for a guess. */
export interface Try {
  readonly label: string;
  readonly does: () => void;
}

/** What a lesson is made from. */
export interface LessonSpec {
  readonly name: LessonName;
  /** Its style sheet, over the course's. */
  readonly style?: string;
  readonly question: string;
  /** One or two sentences: what you can do. */
  readonly lead: string;
  /** What you can do afterwards, as a sentence. */
  readonly goal: string;
  /** The picture, with a name for readers of the screen. */
  readonly stage: HTMLElement;
  readonly stageLabel: string;
  /** The least height of the stage, so that nothing jumps: at 1280 pixels, at 390. */
  readonly heights: readonly [wide: number, narrow: number];
  /** What colors stand for. */
  readonly key?: readonly (readonly [className: string, label: string])[];
  readonly tries?: readonly Try[];
  readonly sections?: readonly HTMLElement[];
  /** What the picture does not show, and where it misleads. */
  readonly care: string;
  readonly formula?: string;
  readonly exercises: readonly Exercise[];
  /** The file that runs on this page. */
  readonly program: string;
}

/** What a test of a lesson reads. */
export interface LessonFacts {
  readonly [fact: string]: number | boolean | string;
}

/** A lesson's page. */
export interface LessonPage {
  readonly element: HTMLElement;
  readonly guess: PellucidGuess;
  /** Says the answer in a sentence; `b` may be in it. */
  readonly say: (...parts: (Node | string)[]) => void;
  /** Says what the pointer is on. */
  readonly hint: (text: string) => void;
  /** Says what computes, and how fast. */
  readonly device: (text: string) => void;
  /** Whether something computes; a line shows it after 0.4 seconds. */
  readonly busy: (on: boolean) => void;
  /** Says that the page is complete, and what is true of it. */
  readonly ready: (facts?: LessonFacts) => void;
  /** Shows an error. */
  readonly fails: (error: unknown) => void;
}

interface Standing {
  facts: LessonFacts;
  tensors: number;
}

const pages = new WeakMap<HTMLElement, { done: Promise<void>; now: () => Standing }>();

/** The lesson on this page, once it is complete: what is true of it now, and how many tensors it has leaked since. */
export async function lessonOf(canvas: ParentNode): Promise<{
  readonly facts: () => LessonFacts;
  readonly leaked: () => number;
}> {
  const element = canvas.querySelector<HTMLElement>(".lesson");
  const page = element === null ? undefined : pages.get(element);
  if (page === undefined) throw new Error("There is no lesson on this page.");
  await page.done;
  const { tensors } = page.now();
  return { facts: () => page.now().facts, leaked: () => liveTensors() - tensors };
}

/** How many tensors there are; none while no backend has started. */
function liveTensors(): number {
  const started: string | undefined = getBackend();
  return started === undefined || started === "" ? 0 : memory().numTensors;
}

/** Starts the backend that the address names, or the one that starts first. */
export async function startBackend(): Promise<string> {
  const asked = new URLSearchParams(location.search).get("backend") ?? "wasm";
  const { chosen } = await useBackend(asked === "best" ? {} : { only: asked as BackendName });
  return chosen;
}

/** The frame around a lesson: its question, the answer in a sentence, the picture, and what belongs to it. */
export function lessonPage(spec: LessonSpec): LessonPage {
  pageStyle(...(spec.style === undefined ? [] : [spec.style]));
  const answer = html("p", { class: "answer", role: "status" }, "Loading …");
  const guess = new PellucidGuess();
  guess.hidden = true;
  const hint = html("span", {});
  const device = html("span", { class: "device" }, "starting");
  const line = html("i", { class: "busy-line", "aria-hidden": "true" });
  const key = (spec.key ?? []).map(([name, label]) => html("li", { class: name }, label));
  const picture = html("div", { class: "picture" }, spec.stage);
  picture.style.setProperty("--wide", `${spec.heights[0]}px`);
  picture.style.setProperty("--narrow", `${spec.heights[1]}px`);
  const stage = html(
    "section",
    { class: "stage card", "aria-label": spec.stageLabel },
    line,
    html("div", { class: "answer-area" }, answer, guess),
    picture,
    html(
      "footer",
      {},
      html("p", { class: "hint" }, hint),
      html("ul", { class: "key", "aria-label": "Colors and device" }, ...key, html("li", {}, device)),
    ),
  );
  const tries = (spec.tries ?? []).map(({ label, does }) => {
    const button = html("button", { type: "button" }, label);
    button.addEventListener("click", does);
    return button;
  });
  const main = html(
    "main",
    {},
    stage,
    ...(tries.length === 0
      ? []
      : [part("tries", html("div", { class: "tries" }, html("span", {}, "Guess, then look:"), ...tries))]),
    ...(spec.sections ?? []).map((section) => part("more", section)),
    part("exercises", exerciseList(spec.exercises)),
    part(
      "care",
      html(
        "aside",
        { class: "care", "aria-label": "Read with care" },
        html("h2", {}, "Read with care"),
        html("p", {}, spec.care),
      ),
    ),
    part("code", html("div", { class: "folds" }, ...folds(spec))),
    part("next", nextLink(spec.name)),
  );
  const element = html("div", { class: "lesson", "data-since": performance.now() }, topBar(spec), main);
  let done = () => {};
  const now: Standing = { facts: {}, tensors: 0 };
  pages.set(element, { done: new Promise((resolve) => (done = () => resolve())), now: () => now });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return {
    element,
    guess,
    say: (...parts) => answer.replaceChildren(...parts),
    hint: (text) => (hint.textContent = text),
    device: (text) => (device.textContent = text),
    busy: (on) => {
      clearTimeout(waiting);
      if (on) waiting = setTimeout(() => line.classList.add("on"), 400);
      else line.classList.remove("on");
    },
    ready: (facts = {}) => {
      now.facts = { ...now.facts, ...facts };
      if (element.dataset["ready"] === "yes") return;
      now.tensors = liveTensors();
      element.dataset["ready"] = "yes";
      done();
    },
    fails: (error) => answer.replaceChildren(html("span", { role: "alert" }, String(error))),
  };
}

const hiddenParts = () => new URLSearchParams(location.search).get("hide")?.split(",") ?? [];

/** A part of the page that a teacher may hide by `?hide=NAME`. */
function part(name: string, element: HTMLElement): HTMLElement {
  element.dataset["part"] = name;
  element.hidden = hiddenParts().includes(name);
  return element;
}

function folds({ program, formula }: LessonSpec): HTMLElement[] {
  const fold = (title: string, ...inside: HTMLElement[]) =>
    html("details", {}, html("summary", {}, title), ...inside);
  return [
    fold("The program of this page, in TypeScript", codeBlock(program)),
    ...(formula === undefined ? [] : [fold("Formula", html("p", { class: "formula" }, formula))]),
    fold("Embed this page", embedCode()),
  ];
}

function nextLink(name: LessonName): HTMLElement {
  const { previous, next } = neighborsOf(name);
  const link = (lesson: { readonly id: string; readonly title: string }, text: string) =>
    html("a", { href: `./?path=/story/${lesson.id}`, target: "_top" }, text);
  return html(
    "nav",
    { class: "next", "aria-label": "Lessons" },
    ...(previous === undefined ? [] : [link(previous, `← ${previous.title}`)]),
    html("span", { class: "gap" }),
    ...(next === undefined ? [] : [link(next, `${next.title} →`)]),
  );
}
