import { Rng } from "@pellucid/core-train";
import { integerText } from "@pellucid/interpret/parts/keep-address";
import { percent } from "@pellucid/interpret/parts/number-text";
import { onTheme } from "@pellucid/interpret/parts/on-theme";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./gan.css?inline";
import { GanPlane } from "./gan-plane.ts";
import {
  type Gan,
  made,
  makeGan,
  pulls,
  type Reached,
  reached,
  realPoints,
  surface,
  train,
} from "./program.ts";

interface GanState {
  readonly seed: number;
  /** 1 where the discriminator does not learn. */
  readonly frozen: number;
}

const start: GanState = { seed: 0, frozen: 0 };
/** How many steps the page shows at first, how many between two pictures, and when a run is over. */
const [opening, stride, long] = [200, 20, 4000];
/** What the test trains, and when its control is frozen. */
const [tested, frozenAt] = [2000, 600];
const side = 48;
const [shown, arrows] = [300, 40];

/** The page "Can two networks teach each other?" */
export function ganPage(source: string): HTMLElement {
  const selection = lessonSelection("gan", start, { seed: integerText(9999), frozen: integerText(1) });
  const plane = new GanPlane();
  const pill = (text: string, does: () => void) => {
    const button = html("button", { type: "button", class: "pill" }, text);
    button.addEventListener("click", does);
    return button;
  };
  const run = pill("▶ Train", () => toggle());
  const again = pill("Begin anew", () =>
    selection.set({ seed: (selection.state.seed + 1) % 10_000, frozen: 0 }),
  );
  const judges = ["The discriminator learns", "It is frozen"].map((text, i) =>
    pill(text, () => selection.set({ frozen: i })),
  );
  const heapLine = html("p", { class: "sum-line heap-line" });
  const [verdict, control] = [testBadge(), testBadge()];
  const page = lessonPage({
    name: "gan",
    style: css,
    question: "Can two networks teach each other?",
    lead: "Real points lie in eight heaps. A generator makes points from noise and never sees a real one: it only learns from what a discriminator thinks of its own. Press train, then freeze the discriminator too early.",
    goal: "say what each of the two networks learns from, and recognize a generator that has collapsed.",
    stage: html(
      "div",
      { class: "gp-stage gan-stage" },
      plane.element,
      html(
        "div",
        { class: "gp-controls" },
        html("div", { class: "row" }, run, again),
        html("div", { class: "row" }, ...judges),
        heapLine,
      ),
    ),
    stageLabel: "Real and generated points, and what the discriminator thinks of each point of the plane",
    heights: [470, 570],
    key: [
      ["ink", "real"],
      ["good", "generated"],
      ["plus", "judged real"],
      ["minus", "judged generated"],
    ],
    tries: [
      {
        label: "Freeze the discriminator at step 200: what will the generator do?",
        does: () => {
          selection.set({ ...start, frozen: 1 });
          page.guess.ask("Your guess: the generated points", [
            "stay where they are",
            "spread over all heaps",
            "run to one or two spots",
          ]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Does it find every heap?" },
        html("h2", {}, "Does it find every heap?"),
        html(
          "p",
          { class: "prose" },
          `Two new networks are trained for ${tested} steps in this page, and a thousand generated points are counted. It passes if all eight heaps get two in a hundred or more, and six of ten points are in a heap. The control has the same start, but its discriminator is frozen after ${frozenAt} steps: the generator goes where that one is fooled best, and must fail.`,
        ),
        html("div", { class: "row" }, verdict, control),
      ),
    ],
    care: "The loss of neither network says how good the points are: each is measured against the other. Eight heaps in a plane are an easy case. That every heap is found does not show that heaps have the right share, nor that points are not copies.",
    formula:
      "min over G, max over D:   E log D(x) + E log(1 − D(G(z)))        Goodfellow et al., 2014\nthe generator's step:   −E log D(G(z)), through a D that does not change\narrow:   ∂ logit D(x) ÷ ∂x",
    exercises: [
      {
        task: "Train until all eight heaps are found. Then freeze the discriminator and train on. Why does so little change now, and so much at step 200?",
        solution:
          "In balance the discriminator can tell real and generated points apart nowhere: its logit is near 0 where points are, and there is nothing to climb. At step 200 it has one clear favorite, and all points run there.",
        check: () => ({ solved: latest.covered === 8, says: `${latest.covered} of 8 heaps are found.` }),
      },
      {
        task: "Which way do the arrows point after 200 steps, and after 2,000?",
        solution:
          "At first all in about the same direction: the discriminator has one favorite side. Later they lead into the nearest heap, and most are short.",
        set: () => selection.set(start),
      },
    ],
    program: source,
  });
  let gan: Gan | null = null;
  let steps = 0;
  let training = false;
  let latest: Reached = { counts: [], covered: 0, share: 0 };
  let facts: Readonly<Record<string, number>> = {};
  let turns = Promise.resolve();
  const inTurn = (task: () => Promise<void>) => (turns = turns.then(task).catch(page.fails));
  const real = realPoints(shown, new Rng(4));
  const show = async () => {
    if (gan === null) return;
    const points = await made(gan, shown);
    latest = await reached(gan);
    const { covered, share, counts } = latest;
    const view = {
      real,
      made: points,
      pulls: await pulls(gan, points.slice(0, arrows)),
      surface: await surface(gan, side),
    };
    plane.show(view, `After ${steps} steps: generated points are in ${covered} of 8 heaps`);
    heapLine.textContent = `Of 1,000 points, in the heaps: ${counts.join(", ")}; outside of all ${1000 - counts.reduce((a, b) => a + b, 0)}.`;
    page.say(
      html("b", {}, `${covered} of 8`),
      ` heaps are found; ${percent(share)} of the points are in a heap.`,
    );
    page.hint(`Step ${steps}`);
    facts = { ...facts, steps, covered, share };
    page.ready(facts);
  };
  const advance = (count: number) =>
    inTurn(async () => {
      if (gan === null) return;
      await train(gan, count, { isFrozen: selection.state.frozen === 1 });
      steps += count;
      await show();
    });
  const restart = () =>
    inTurn(async () => {
      gan?.dispose();
      gan = await makeGan(selection.state.seed);
      await train(gan, opening);
      steps = opening;
      await show();
    });
  const toggle = () => {
    training = !training;
    run.textContent = training ? "❚❚ Pause" : "▶ Train";
    if (training) void loop();
  };
  const loop = async () => {
    while (training && page.element.isConnected && steps < long) {
      await advance(stride);
      await new Promise(requestAnimationFrame);
    }
    if (training) toggle();
  };
  const measure = async (frozenFrom: number, steady: number): Promise<Reached> => {
    const own = await makeGan(start.seed);
    await train(own, frozenFrom);
    await train(own, steady, { isFrozen: true });
    const found = await reached(own);
    own.dispose();
    return found;
  };
  const mark = (badge: HTMLElement, { covered, share }: Reached, text: string) =>
    markBadge(
      badge,
      covered === 8 && share >= 0.6,
      `${text}: ${covered} of 8 heaps, ${percent(share)} in a heap`,
    );
  page.guess.addEventListener("guess", () => {
    if (!training) toggle();
  });
  selection.on(["frozen"], ({ frozen }) => {
    for (const [i, button] of judges.entries()) button.setAttribute("aria-pressed", String(i === frozen));
  });
  onTheme(() => plane.repaint());
  const open = async () => {
    page.device(`9,219 weights, on ${await startBackend()}`);
    selection.on(["seed"], () => void restart());
    await turns;
    const frozen = await measure(frozenAt, frozenAt);
    mark(control, frozen, `Control, frozen after ${frozenAt} steps`);
    const whole = await measure(tested, 0);
    mark(verdict, whole, `After ${tested} steps`);
    facts = { ...facts, tested: whole.covered, testedShare: whole.share, frozenCovered: frozen.covered };
    page.ready(facts);
  };
  open().catch(page.fails);
  return page.element;
}
