import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { PellucidPlayer } from "@pellucid/interpret/parts/player";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { StateMap } from "../frame/state-map.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import { errorChart } from "./error-chart.ts";
import {
  type Answers,
  byHand,
  digits,
  letters,
  mean,
  type Meaning,
  read,
  recall,
  rules,
  type Stream,
  stream,
  tested,
  times,
} from "./program.ts";

interface MemoryState {
  /** Pairs that were read. */
  readonly time: number;
  /** Of {@link rules}. */
  readonly rule: number;
  readonly rate: number;
  readonly kept: number;
  /** 1 if the digits change after half of the pairs. */
  readonly changes: number;
  readonly seed: number;
}

const start: MemoryState = { time: 23, rule: 2, rate: 0.9, kept: 0.9, changes: 1, seed: 0 };
const words = ["It adds each pair", "It forgets, then adds", "It corrects itself"];

/** The page "What does it learn while it reads?" */
export function memory(source: string): HTMLElement {
  const selection = lessonSelection("memory", start, {
    time: integerText(times - 2),
    rule: integerText(rules.length - 1),
    rate: numberText(0, 1),
    kept: numberText(0.5, 1),
    changes: integerText(1),
    seed: integerText(7),
  });
  const map = new StateMap("What it would answer: six letters by eight digits. Arrow keys move.");
  map.element.classList.add("raster");
  const player = new PellucidPlayer();
  player.setAttribute("label", "pair");
  player.steps = times - 1;
  player.rate = 3;
  const strip = html("p", { class: "sum-line pairs" });
  const curve = html("div", { class: "chart-well" });
  const sum = html("p", { class: "sum-line" });
  const [verdict, control] = [testBadge(), testBadge()];
  const table = html("tbody", {});
  const pill = (text: string, does: () => void) => {
    const button = html("button", { type: "button", class: "pill", "aria-pressed": "false" }, text);
    button.addEventListener("click", does);
    return button;
  };
  const pills = words.map((text, i) => pill(text, () => selection.set({ rule: i })));
  const change = pill("Digits change", () => selection.set({ changes: 1 - selection.state.changes }));
  const other = pill("Other pairs", () => selection.set({ seed: (selection.state.seed + 1) % 8 }));
  other.removeAttribute("aria-pressed");
  const page = lessonPage({
    name: "memory",
    question: "What does it learn while it reads?",
    lead: "A recurrent layer reads pairs of a letter and a digit, and says the digit before it sees it. No weight changes: all that it learns is in its state. Choose how the state takes a pair in.",
    goal: "say how linear attention, forgetting as in Mamba, and test-time training write into a memory, and what each costs.",
    stage: html(
      "div",
      { class: "gp-stage spikes-stage" },
      html(
        "div",
        {},
        player,
        strip,
        html("h2", {}, "What it would say: rows are letters A to F, columns digits 0 to 7"),
        map.element,
      ),
      html(
        "div",
        { class: "gp-controls" },
        html("h2", {}, "How a pair is taken in"),
        html("div", { class: "row" }, ...pills),
        rangeLine(selection, "rate", {
          label: "Corrected of an error, β",
          min: 0,
          max: 1,
          step: 0.05,
          text: (v) => v.toFixed(2),
        }),
        rangeLine(selection, "kept", {
          label: "Kept by forgetting",
          min: 0.5,
          max: 1,
          step: 0.05,
          text: (v) => v.toFixed(2),
        }),
        html("div", { class: "row" }, change, other),
      ),
    ),
    stageLabel: "A memory, pair by pair",
    heights: [480, 740],
    key: [
      ["plus", "says it"],
      ["minus", "says not"],
    ],
    tries: [
      {
        label:
          "It only adds, and after pair 24 every letter gets another digit. What does it say at the end?",
        does: () => {
          selection.set({ ...start, rule: 0, time: times - 2 });
          page.guess.ask("Your guess: of the later pairs it could know, it gets right", [
            "most",
            "less than half",
          ]);
        },
      },
      {
        label: "A rate of 1: each pair is corrected in full.",
        does: () => selection.set({ ...start, rate: 1 }),
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "One step of learning" },
        html("h2", {}, "One pair, taken apart"),
        sum,
        curve,
      ),
      html(
        "section",
        { class: "block card", "aria-label": "Does it learn?" },
        html("h2", {}, "Does it learn what can be known?"),
        html(
          "p",
          { class: "prose" },
          "Over eight streams: the share of right answers for letters that had the same digit when they were last read. The control draws each digit anew, so that there is nothing to learn: whatever a memory does, it must stay near one in eight.",
        ),
        html("div", { class: "row" }, verdict, control),
        html(
          "table",
          { class: "plain" },
          html(
            "thead",
            {},
            html(
              "tr",
              {},
              ...["Memory", "digits stay", "digits change"].map((text) => html("th", { scope: "col" }, text)),
            ),
          ),
          table,
        ),
      ),
    ],
    care: "The keys are drawn, not learned, and there are six in eight dimensions, so that letters disturb each other. A trained layer learns its keys, values, rates and what it forgets, Mamba from each input; TTT's own layer also has a norm, and takes the gradients of 16 tokens at once. A transformer would keep all pairs and recall without mistakes, at a cost that grows with what it has read.",
    formula:
      "adds: S ← S + k vᵀ        forgets: S ← a S + k vᵀ\ncorrects: S ← S + β k (v − kᵀ S)ᵀ, a step of gradient descent on ½ ‖kᵀ S − v‖²        Sun et al., 2024; Yang et al., 2024",
    exercises: [
      {
        task: "Let it forget so little or so much that after the change it still recalls less than half.",
        solution:
          "At 1 nothing is forgotten and the old digits stay; at .5 it holds only the last few pairs.",
        set: () => selection.set({ ...start, rule: 1 }),
        check: () => ({
          solved: selection.state.rule === 1 && recalled < 0.5,
          says: `It recalls ${percent(recalled)} of this stream.`,
        }),
      },
      {
        task: "Find the least rate at which the memory that corrects recalls more than 80% of this stream.",
        solution:
          "Small rates average over pairs: they take a letter several times to learn, and as often to learn anew.",
        set: () => selection.set({ ...start, rate: 0.1 }),
        check: () => ({
          solved: selection.state.rule === 2 && recalled > 0.8 && selection.state.rate < 0.6,
          says: `It recalls ${percent(recalled)} at a rate of ${selection.state.rate.toFixed(2)}.`,
        }),
      },
    ],
    program: source,
  });

  let of: Stream = stream("changes");
  let answers: Answers = [];
  let recalled = 0;
  const meaning = (): Meaning => (selection.state.changes === 1 ? "changes" : "stays");
  const rule = () => rules[selection.state.rule] ?? "correct";
  const showTime = () => {
    const { time } = selection.state;
    const row = answers[time];
    if (row === undefined) return;
    const [letter, digit] = [of.letter[time + 1] ?? 0, of.digit[time + 1] ?? 0];
    const said = row[letter] ?? [];
    const best = said.indexOf(Math.max(...said));
    player.at = time;
    map.show(
      Array.from({ length: digits }, (_, d) => row.map((each) => each[d] ?? 0)),
      letters.length,
    );
    map.at = [letter, digit];
    const from = Math.max(0, time - 6);
    const pairs = Array.from(
      of.letter.slice(from, time + 1),
      (at, i) => `${letters[at]}${of.digit[from + i]}`,
    );
    strip.replaceChildren(`Read: ${pairs.join("  ")}   next: `, html("b", {}, `${letters[letter]}?`));
    const error = tested(of, answers).error[time] ?? 0;
    sum.replaceChildren(
      `For ${letters[letter]} it says ${best} with ${short(said[best] ?? 0)}; ${digit} is right, for which it says ${short(said[digit] ?? 0)}. Its error is ‖answer − digit‖² = `,
      html("b", {}, short(error)),
      rule() === "correct"
        ? `; ${percent(selection.state.rate)} of it along this key is corrected next.`
        : "; it does not look at it.",
    );
    if (page.guess.hidden)
      page.say(
        `After ${time + 1} pairs it says `,
        html("b", {}, `${letters[letter]}${best}`),
        best === digit ? ", which is right." : `; it is ${letters[letter]}${digit}.`,
      );
  };
  const showCurve = () => {
    curve.replaceChildren(errorChart(tested(of, answers).error));
  };
  let turn = 0;
  const compute = async () => {
    const mine = ++turn;
    const { seed, rate, kept } = selection.state;
    const options = { rate, kept };
    const now = stream(meaning(), seed);
    const found = await read(now, rule(), options);
    const cells: number[][] = [];
    for (const which of rules)
      cells.push([await mean("stays", which, options), await mean("changes", which, options)]);
    const fake = await mean("none", rule(), options);
    if (mine !== turn) return;
    [of, answers, recalled] = [now, found, recall(now, found)];
    pills.forEach((pill, i) => pill.setAttribute("aria-pressed", String(i === selection.state.rule)));
    change.setAttribute("aria-pressed", String(selection.state.changes === 1));
    table.replaceChildren(
      ...words.map((text, i) =>
        html(
          "tr",
          {},
          html("th", { scope: "row" }, text),
          ...(cells[i] ?? []).map((value) => html("td", {}, percent(value))),
        ),
      ),
    );
    const real = cells[selection.state.rule]?.[selection.state.changes] ?? 0;
    markBadge(verdict, real >= 0.8, `Right, of what can be known: ${percent(real)}`);
    markBadge(control, fake >= 0.2, `Control, nothing to learn: ${percent(fake)}`);
    showCurve();
    showTime();
    const hand = byHand(now, rate).flat(2);
    const scan = (rule() === "correct" ? found : await read(now, "correct", options)).flat(2);
    page.ready({
      recalled: real,
      control: fake,
      adds: cells[0]?.[1] ?? 0,
      forgets: cells[1]?.[1] ?? 0,
      corrects: cells[2]?.[1] ?? 0,
      difference: Math.max(...scan.map((x, i) => Math.abs(x - (hand[i] ?? 0)))),
    });
  };
  page.guess.addEventListener("guess", (event) => {
    showTime();
    const { right } = tested(of, answers);
    const late = right.slice(times / 2);
    if (event instanceof CustomEvent && event.detail !== null)
      page.hint(page.guess.judge(event.detail === (2 * late.filter(Boolean).length < late.length ? 1 : 0)));
  });
  player.addEventListener("step", () => selection.set({ time: player.at }));
  map.element.addEventListener("pick", (event) => {
    if (!(event instanceof CustomEvent)) return;
    const [letter, digit] = event.detail as [number, number];
    map.at = [letter, digit];
    page.hint(`${letters[letter]}${digit}: ${short(answers[selection.state.time]?.[letter]?.[digit] ?? 0)}`);
  });
  const run = async () => {
    const backend = await startBackend();
    page.device(`a state of 64 numbers, on ${backend}`);
    selection.on(["rule", "rate", "kept", "changes", "seed"], () => void compute().catch(page.fails));
    selection.on(["time"], showTime);
  };
  run().catch(page.fails);
  return page.element;
}
