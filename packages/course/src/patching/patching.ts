import { PellucidBars } from "@pellucid/interpret/parts/bars";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import type { Gpt } from "@pellucid/transformer";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { characters } from "../../../interpret/stories/nets/plays.ts";
import { gptReader } from "../../../interpret/stories/nets/plays-reader.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { StateMap } from "../frame/state-map.ts";
import { markBadge, resetBadge, testBadge } from "../frame/test-badge.ts";
import {
  address,
  changedText,
  known,
  longest,
  names,
  type PatchingState,
  siteNames,
  start,
  visible,
} from "./patching-state.ts";
import css from "./patching.css?inline";
import { shareText } from "./share-text.ts";
import { byTool, holds, largestAt, patchAll, type Patched, sitesOf } from "./program.ts";

/** The output of the first layer, whose row is tested. */
const middle = 3;

/** The page "Which layer and letter carry the answer?" */
export function patching(source: string): HTMLElement {
  const selection = lessonSelection("patching", start, address, (state) => {
    const text = known(state.text) || start.text;
    const last = text.length - 1;
    const letter = known(state.letter) || start.letter;
    return { ...state, text, letter, at: Math.min(state.at, last), time: Math.min(state.time, last) };
  });
  const field = (id: string, attributes: Readonly<Record<string, string | number>>) =>
    html("input", { type: "text", id, autocomplete: "off", spellcheck: "false", ...attributes });
  const text = field("patch-text", { maxlength: longest });
  const letter = field("patch-letter", { maxlength: 1, class: "letter" });
  const which = html("select", { id: "patch-at" });
  const map = new StateMap(
    "Share that is restored: parts of the network by letters. Arrow keys choose a cell.",
  );
  const letters = html("div", { class: "letters", "aria-hidden": "true" });
  const bars = ["the text", "the changed text", "the changed text, patched"].map((of) => {
    const one = new PellucidBars();
    one.setAttribute("label", `Most probable letters after ${of}`);
    one.style.setProperty("--name-width", "24px");
    return { of, one };
  });
  const sum = html("p", { class: "sum-line" });
  const [tool, verdict, control] = [testBadge(), testBadge(), testBadge()];
  const page = lessonPage({
    name: "patching",
    style: css,
    question: "Which layer and letter carry the answer?",
    lead: "Change one letter, and the answer is lost. Press a cell: the changed text is read again, but there the network gets what it computed for the unchanged one. Does the answer come back?",
    goal: "read a patching map, compute the share of a cell by hand, and test a claim about where information is in both directions.",
    stage: html(
      "div",
      { class: "patch-stage" },
      html("div", { class: "text-line" }, html("label", { for: "patch-text" }, "Text"), text),
      html(
        "div",
        { class: "text-line" },
        html("label", { for: "patch-at" }, "Change"),
        which,
        html("label", { for: "patch-letter" }, "into"),
        letter,
      ),
      html(
        "div",
        { class: "patch-columns" },
        html(
          "div",
          {},
          html("h2", {}, "Share of the answer that each cell brings back"),
          html(
            "div",
            { class: "patch-map" },
            html(
              "div",
              { class: "sites", "aria-hidden": "true" },
              ...siteNames.map((name) => html("span", {}, name)),
            ),
            map.element,
            letters,
          ),
          sum,
        ),
        html(
          "div",
          { class: "patch-answers" },
          ...bars.flatMap(({ of, one }) => [html("h2", {}, `After ${of}`), one]),
        ),
      ),
    ),
    stageLabel: "From two texts to the cells that carry the difference",
    heights: [560, 1010],
    key: [
      ["plus", "brings it back"],
      ["minus", "makes it worse"],
    ],
    tries: [
      attempt("“w” becomes “x” in “I love thee wit”. After layer 1, where is the answer?", start, [
        "still at the changed letter",
        "already at the last letter",
        "half and half",
      ]),
      attempt(
        "The last letter itself is changed: “What is the q”, “t”. Which part is enough?",
        { text: "What is the q", at: 12, letter: "t", site: 1, time: 12 },
        ["attention 1", "MLP 1", "attention 2"],
      ),
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Is it true?" },
        html("h2", {}, "Is it true?"),
        html(
          "p",
          { class: "prose" },
          "The map names the letter that carries the answer after layer 1. Test it the other way round: put what the changed text gives there into the run of the unchanged one. The answer must suffer more than for any other letter. A fake names the letter with the largest activation: it knows how much is there, and never asks what for.",
        ),
        html("div", { class: "row" }, tool, verdict, control),
      ),
    ],
    care: "A cell that brings the answer back may be one of several that would; one that brings nothing may be needed together with another. What is put in belongs to another text, so that later layers meet a mixture they were not trained on. Where both texts have nearly the same answer, the share divides by almost nothing.",
    formula:
      "share = (log p(changed, patched) − log p(changed)) ÷ (log p(unchanged) − log p(changed)),   p of the most probable next letter of the unchanged text        Meng et al., 2022; Vig et al., 2020",
    exercises: [
      {
        task: "Choose the cell through which the earlier letter reaches the last one: which part of which layer moves it?",
        solution:
          "Attention 1 at the last letter: it brings back nearly all. Attention is the only part that reads other positions; an MLP works on one position alone.",
        set: () => selection.set({ ...start, site: 0, time: 12 }),
        check: () => {
          const { site, time, text: of } = selection.state;
          const share = found?.restored[site]?.[time] ?? 0;
          const solved =
            siteNames[site]?.startsWith("attention") === true && time === of.length - 1 && share > 0.5;
          return { solved, says: `${siteNames[site]} at letter ${time + 1} brings back ${percent(share)}.` };
        },
      },
      {
        task: "Why are all cells to the left of the changed letter 0, in every row?",
        solution:
          "The model is causal: what it computes for a letter depends on that letter and earlier ones. To the left of the change both texts are the same, so that there is nothing to bring back.",
      },
    ],
    program: source,
  });

  function attempt(label: string, state: PatchingState, choices: readonly string[]) {
    return {
      label,
      does: () => {
        map.element.classList.add("covered");
        selection.set(state);
        page.guess.ask("Your guess:", choices);
      },
    };
  }
  page.guess.addEventListener("guess", () => {
    map.element.classList.remove("covered");
    say();
  });

  let found: Patched | null = null;
  let net: Gpt | null = null;
  const say = () => {
    if (found === null) return;
    const { site, time } = selection.state;
    const share = found.restored[site]?.[time] ?? 0;
    const answer = visible(names[found.answer] ?? "");
    page.say(
      `Put in at “${siteNames[site]}”, letter ${time + 1}, it brings back `,
      html("b", {}, Number.isFinite(share) ? shareText(share) : "nothing that can be measured"),
      ` of “${answer}”.`,
    );
  };
  const showCell = () => {
    const { site, time } = selection.state;
    map.at = [site, time];
    if (found === null) return;
    const { answer, clean, changed, patched, restored } = found;
    const cell = patched[site]?.[time] ?? changed;
    const order = [clean, changed, cell].flatMap((next) =>
      Array.from(next.keys())
        .toSorted((a, b) => (next[b] ?? 0) - (next[a] ?? 0))
        .slice(0, 4),
    );
    const shown = [...new Set([answer, ...order])].slice(0, 4);
    for (const [i, next] of [clean, changed, cell].entries()) {
      const one = bars[i]?.one;
      if (one === undefined) continue;
      one.names = shown.map((token) => visible(names[token] ?? ""));
      one.values = shown.map((token) => Math.exp(next[token] ?? -Infinity));
      one.value = 0;
    }
    const [low, high, now] = [changed, clean, cell].map((next) => next[answer] ?? 0);
    const difference = (a = 0, b = 0) => `(${short(a, 3)} − ${short(b, 3)})`;
    sum.replaceChildren(
      `${difference(now, low)} ÷ ${difference(high, low)} = `,
      html("b", {}, short(restored[site]?.[time] ?? 0, 3)),
    );
    page.hint(`${siteNames[site]}, letter ${time + 1} “${visible(selection.state.text[time] ?? "")}”`);
    if (page.guess.hidden) say();
  };
  let turn = 0;
  const compute = async () => {
    const model = net;
    if (model === null) return;
    const mine = ++turn;
    page.busy(true);
    const { state } = selection;
    const [clean, changed] = [characters.encode(state.text), characters.encode(changedText(state))];
    const now = await patchAll(model, clean, changed);
    if (mine !== turn) return;
    found = now;
    letters.replaceChildren(
      ...Array.from(state.text, (one, i) =>
        html("span", i === state.at ? { class: "other" } : {}, visible(one)),
      ),
    );
    const columns = Array.from(state.text, (_, t) =>
      now.restored.map((row) => Math.min(1, Math.max(-1, row[t] ?? 0))),
    );
    map.show(columns, siteNames.length);
    showCell();
    const [row, lost] = [now.restored[middle] ?? [], now.lost[middle] ?? []];
    const named = (values: readonly number[]) => `letter ${largestAt(values) + 1}`;
    const sizes = now.sizes[middle] ?? [];
    const most = short(Math.max(...lost), 2);
    const costs = (values: readonly number[]) => short(lost[largestAt(values)] ?? 0, 2);
    const [real, fake] = [holds(row, lost), holds(sizes, lost)];
    markBadge(verdict, real, `Patching, ${named(row)}: costs ${costs(row)}, the most is ${most}`);
    markBadge(control, fake, `Control, ${named(sizes)}: costs ${costs(sizes)}`);
    resetBadge(tool, "computing it a second way …");
    const site = sitesOf(model)[middle]?.[1];
    const again = site === undefined ? [] : await byTool(model, site, [clean, changed], now.answer);
    if (mine !== turn) return;
    const apart = Math.max(...Array.from(again, (share, t) => Math.abs(share - (row[t] ?? 0))));
    markBadge(
      tool,
      apart < 1e-4,
      `All at once and one by one: ${apart < 1e-4 ? "equal" : `${short(apart, 4)} apart`}`,
    );
    page.busy(false);
    page.ready({
      answer: names[now.answer] ?? "",
      apart,
      last: row.at(-1) ?? 0,
      own: now.restored[0]?.[state.at] ?? 0,
      before: Math.max(0, ...now.restored.flatMap((all) => all.slice(0, state.at).map(Math.abs))),
      real,
      fake,
    });
  };
  const choose = () => {
    const { state } = selection;
    which.replaceChildren(
      ...Array.from(state.text, (one, i) =>
        html("option", { value: i }, `letter ${i + 1}, “${visible(one)}”`),
      ),
    );
    which.value = String(state.at);
    if (document.activeElement !== text) text.value = state.text;
    if (document.activeElement !== letter) letter.value = state.letter;
  };
  text.addEventListener("input", () => {
    const of = known(text.value);
    if (of.length < 2) return;
    const last = of.length - 1;
    const { at, time } = selection.state;
    selection.set({ text: of, at: Math.min(at, last), time: Math.min(time, last) });
  });
  letter.addEventListener(
    "input",
    () => known(letter.value) !== "" && selection.set({ letter: known(letter.value) }),
  );
  which.addEventListener("change", () => selection.set({ at: Number(which.value) }));
  map.element.addEventListener("pick", (event) => {
    const [site = 0, time = 0] = event instanceof CustomEvent ? (event.detail as number[]) : [];
    selection.set({ site, time });
  });
  selection.on(["site", "time"], showCell);
  selection.on(["text", "at", "letter"], choose);
  const run = async () => {
    const backend = await startBackend();
    net = (await gptReader()).net;
    page.device(`113,000 weights, on ${backend}`);
    selection.on(["text", "at", "letter"], () => void compute().catch(page.fails));
  };
  run().catch(page.fails);
  return page.element;
}
