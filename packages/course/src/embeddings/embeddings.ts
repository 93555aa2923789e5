import { digits, toFloatImages } from "@pellucid/datasets";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { onTheme } from "@pellucid/interpret/parts/on-theme";
import { colorAt, largest, paintInk, paintOver } from "@pellucid/interpret/parts/paint";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./embeddings.css?inline";
import { EmbeddingPlane } from "./embedding-plane.ts";
import {
  aucOf,
  type DigitEncoder,
  type Digits,
  embeddingsOf,
  makeEncoder,
  mapOf,
  nearest,
  only,
  pullOf,
  shuffled,
  train,
} from "./program.ts";

interface EmbeddingsState {
  readonly margin: number;
  /** The digit that is looked at, and the one it is compared with. */
  readonly at: number;
  readonly other: number;
}

const start: EmbeddingsState = { margin: 0.2, at: 0, other: 1 };
const shown = 240;
const steps = 160;

/** The page "Which digits are alike?" */
export function embeddings(source: string): HTMLElement {
  const selection = lessonSelection("embeddings", start, {
    margin: numberText(0, 0.5),
    at: integerText(shown - 1),
    other: integerText(shown - 1),
  });
  const plane = new EmbeddingPlane(
    "A map of 240 digits. Draw a line around some to select them; arrow keys go from digit to digit, Space selects the 12 nearest.",
  );
  const again = html("button", { type: "button", class: "pill" }, "Train again");
  const trained = html("p", { class: "sum-line" }, "Not trained yet.");
  const picker = new PellucidPicker();
  picker.setAttribute("label", "The selected digits");
  const chosenText = html("p", { class: "explained" });
  const [first, second] = [0, 1].map(() => html("canvas", { width: 8, height: 8, role: "img" })) as [
    HTMLCanvasElement,
    HTMLCanvasElement,
  ];
  const pullText = html("p", { class: "explained" });
  const badges = Array.from({ length: 4 }, () => testBadge());
  const page = lessonPage({
    name: "embeddings",
    style: css,
    question: "Which digits are alike?",
    lead: "A network learns, here and now, to give 16 numbers for a digit so that equal digits are near. It never sees an 8 or a 9. Draw a line around digits of the map to see what they have in common.",
    goal: "say what a triplet loss asks for, why it needs a margin, and which pixels make a network think that two pictures are alike.",
    stage: html(
      "div",
      { class: "gp-stage" },
      plane.element,
      html(
        "div",
        { class: "gp-controls" },
        rangeLine(selection, "margin", {
          label: "Margin",
          min: 0,
          max: 0.5,
          step: 0.05,
          text: (v) => v.toFixed(2),
        }),
        html("div", { class: "row" }, again),
        trained,
        html("h2", {}, "Selected"),
        picker,
        chosenText,
      ),
    ),
    stageLabel: "A map of digits by what a network learned of them",
    heights: [600, 1060],
    key: [
      ["plus", "8 and 9, never seen"],
      ["minus", "looked at"],
    ],
    tries: [
      {
        label: "Margin 0: what becomes of the map?",
        does: () => {
          selection.set({ margin: 0 });
          page.guess.ask("Your guess:", ["the same map", "better groups", "groups that touch"]);
          void inTurn(learn);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Which pixels pull two digits together?" },
        html("h2", {}, "Which pixels pull two digits together?"),
        html("div", { class: "pulled" }, first, second, pullText),
      ),
      html(
        "section",
        { class: "block card", "aria-label": "Is it true of digits that it never saw?" },
        html("h2", {}, "Is it true of digits that it never saw?"),
        html(
          "p",
          { class: "prose" },
          "How often two equal digits are nearer than two different ones, AUC: 1 is always, 0.5 is chance. The control learns from the same digits with each other's labels: it must not know which are equal.",
        ),
        html("div", { class: "row" }, ...badges),
      ),
    ],
    care: "The map shows two of 16 numbers, those that vary most: what overlaps here may be apart. Plain pixels compare 8 and 9 better than this network, which learned what matters for the other digits. A pixel's pull is pixel times gradient: what a small change would do. It learns from triplets that are right by less than the margin: from the hardest alone, all digits end up in one direction, with cosines of 1 and a loss that stays at the margin.",
    formula:
      "loss = mean of max(0, d(anchor, equal) − d(anchor, different) + margin), over triplets with d(anchor, equal) < d(anchor, different) < d(anchor, equal) + margin        Schroff et al., 2015\nd(a, b) = ‖a ÷ ‖a‖ − b ÷ ‖b‖‖;   pull of a pixel = pixel · ∂ cos(a, b) ÷ ∂ pixel",
    exercises: [
      {
        task: "Select a group of at least ten digits of one kind.",
        solution: "Draw a line around one of the groups, such as that of the zeros or sixes.",
        check: () => {
          const kinds = new Set(chosen.map((i) => all.labels[i]));
          return {
            solved: chosen.length >= 10 && kinds.size === 1,
            says: `${chosen.length} digits of ${kinds.size} kinds.`,
          };
        },
      },
      {
        task: "Where are the eights, which it never saw? Select some and say which digits they are mixed with.",
        solution: "They lie between groups, often at the 1, the 3 and the 5, with which they share strokes.",
        check: () => {
          const eights = chosen.filter((i) => all.labels[i] === 8).length;
          return { solved: eights >= 3, says: `${eights} of ${chosen.length} selected digits are eights.` };
        },
      },
      {
        task: "Why does the loss need a margin?",
        solution:
          "Without one, all embeddings in one point have a loss of 0: each equal digit is as far as each different one. The margin asks for a difference.",
        set: () => selection.set({ margin: 0 }),
      },
    ],
    program: source,
  });

  let encoder: DigitEncoder | null = null;
  let known: Digits = { pixels: new Float32Array(0), labels: new Int32Array(0) };
  let all = known;
  let found: Awaited<ReturnType<typeof embeddingsOf>> = { data: new Float32Array(0), shape: [0, 16] };
  let map: Float32Array | undefined;
  let chosen: readonly number[] = [];
  let working: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => (working = working.then(work).catch(page.fails));
  const isUnseen = (i: number) => (all.labels[i] ?? 0) >= 8;
  const inkOf = (i: number) => all.pixels.slice(64 * i, 64 * i + 64);

  const showMap = async () => {
    if (encoder === null) return;
    found = await embeddingsOf(encoder, all);
    map = await mapOf(found, map);
    plane.show(map, Array.from(all.labels, String), isUnseen);
  };
  const learn = async () => {
    encoder?.dispose();
    encoder = makeEncoder();
    map = undefined;
    page.busy(true);
    for await (const { step, loss } of train(encoder, known, { steps, margin: selection.state.margin })) {
      if (step % 20 > 0) continue;
      trained.replaceChildren(`${step} of ${steps} batches, loss `, html("b", {}, short(loss)), ".");
      await showMap();
    }
    page.busy(false);
    await test();
    choose(nearest(found, selection.state.at, 11).concat(selection.state.at));
    await showPull();
    sayNow();
  };
  const test = async () => {
    if (encoder === null) return;
    const auc = async (net: DigitEncoder | null, wanted: (label: number) => boolean) => {
      const some = only(all, wanted);
      const rows =
        net === null ? { data: some.pixels, shape: [some.labels.length, 64] } : await embeddingsOf(net, some);
      return aucOf(rows, some.labels);
    };
    const control = makeEncoder();
    for await (const _ of train(control, shuffled(known), { steps, margin: selection.state.margin }));
    const values = [
      await auc(encoder, (label) => label < 8),
      await auc(encoder, (label) => label >= 8),
      await auc(null, (label) => label >= 8),
      await auc(control, (label) => label < 8),
    ];
    control.dispose();
    const names = [
      "0 to 7",
      "8 and 9, never seen",
      "8 and 9 by plain pixels",
      "Control, of other labels: 0 to 7",
    ];
    for (const [i, badge] of badges.entries()) {
      const value = values[i] ?? 0;
      markBadge(badge, value >= 0.8, `${names[i]}: AUC ${short(value)}`);
    }
    const [seen = 0, unseen = 0, , shuffledAuc = 0] = values;
    page.ready({ seen, unseen, control: shuffledAuc });
  };
  const showPull = async () => {
    if (encoder === null) return;
    const { at, other } = selection.state;
    const { similarity, map: pulls } = await pullOf(encoder, all, [at, other]);
    const inks = [colorAt(first, "plus"), colorAt(first, "minus"), colorAt(first, "ink")] as const;
    paintOver(first, inkOf(at), { values: pulls, height: 8, width: 8 }, largest(pulls), inks);
    paintInk(second, { values: inkOf(other), height: 8, width: 8 }, inks[2]);
    first.setAttribute("aria-label", `A ${all.labels[at]}, with what pulls it to the other digit`);
    second.setAttribute("aria-label", `A ${all.labels[other]}`);
    const sum = pulls.reduce((total, v) => total + Math.max(0, v), 0);
    const ranked = pulls.toSorted((a, b) => b - a);
    const share = ranked.slice(0, 6).reduce((total, v) => total + Math.max(0, v), 0) / (sum || 1);
    pullText.textContent = `A ${all.labels[at]} and a ${all.labels[other]}: the cosine of their embeddings is ${short(similarity)}. Orange pixels pull the first to the second, blue ones away; six of 64 pixels make ${percent(share)} of the pull.`;
    page.ready({ similarity });
  };
  const choose = (indices: readonly number[]) => {
    chosen = indices;
    plane.select(selection.state.at, chosen);
    picker.items = chosen.slice(0, 24).map((i) => ({
      name: `A ${all.labels[i]}`,
      values: inkOf(i),
      height: 8,
      width: 8,
    }));
    const counts = new Map<number, number>();
    for (const i of chosen) counts.set(all.labels[i] ?? NaN, (counts.get(all.labels[i] ?? NaN) ?? 0) + 1);
    const most = [...counts].toSorted(([, a], [, b]) => b - a);
    chosenText.textContent = `${chosen.length} digits: ${most.map(([label, count]) => `${count} × ${label}`).join(", ")}.`;
    page.ready({ chosen: chosen.length, kinds: counts.size });
  };
  const sayNow = () => {
    if (!page.guess.hidden) return;
    const near = nearest(found, selection.state.at, 5).map((i) => all.labels[i]);
    page.say(
      "This is a ",
      html("b", {}, String(all.labels[selection.state.at])),
      `; the five nearest digits are ${near.join(", ")}.`,
    );
  };
  plane.element.addEventListener("pick", (event) => {
    if (!(event instanceof CustomEvent)) return;
    const at = Number(event.detail);
    selection.set({ at, other: nearest(found, at, 1)[0] ?? selection.state.other });
  });
  plane.element.addEventListener("lasso", (event) => event instanceof CustomEvent && choose(event.detail));
  picker.addEventListener("change", () => selection.set({ other: chosen[picker.value ?? 0] ?? 0 }));
  again.addEventListener("click", () => void inTurn(learn));
  page.guess.addEventListener("guess", (event) => {
    sayNow();
    if (event instanceof CustomEvent && event.detail !== null)
      page.hint(page.guess.judge(event.detail === 2));
  });
  const run = async () => {
    const backend = await startBackend();
    const { train: training, test: unseen } = await digits();
    const take = (images: typeof unseen, count: number): Digits => {
      const floats = toFloatImages(images);
      const items = Array.from({ length: count }, (_, i) => floats.get(i));
      return {
        pixels: Float32Array.from(items.flatMap(({ x }) => [...x.data])),
        labels: Int32Array.from(items, ({ y }) => Number(y)),
      };
    };
    known = only(take(training, training.length), (label) => label < 8);
    all = take(unseen, shown);
    page.device(`5,200 weights, trained on ${backend}`);
    await inTurn(learn);
    selection.on(["at"], () => {
      plane.select(selection.state.at, chosen);
      sayNow();
    });
    selection.on(["at", "other"], () => void inTurn(showPull));
    onTheme(() => {
      plane.repaint();
      void inTurn(showPull);
    });
  };
  run().catch(page.fails);
  return page.element;
}
