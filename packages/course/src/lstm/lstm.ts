import { PellucidBars } from "@pellucid/interpret/parts/bars";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { PellucidPlayer } from "@pellucid/interpret/parts/player";
import { PellucidTokenStrip } from "@pellucid/interpret/parts/token-strip";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { countries, type NameNet } from "../../../interpret/stories/nets/name-net.ts";
import { nameReader } from "../../../interpret/stories/nets/name-reader.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { StateMap } from "../frame/state-map.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./lstm.css?inline";
import { cellCard } from "./cell-card.ts";
import { lstmAddress, start } from "./lstm-state.ts";
import { cellByHand, type Inside, inside, withoutCells } from "./program.ts";

const cells = 64;
const known = (text: string): string =>
  Array.from(text)
    .filter((letter) => /[A-Za-z' -]/.test(letter))
    .slice(0, 20)
    .join("");
const bestOf = (row: ArrayLike<number>): number => Array.from(row).indexOf(Math.max(...Array.from(row)));

/** The page "What does an LSTM keep in memory?" */
export function lstm(source: string): HTMLElement {
  const selection = lessonSelection("lstm", start, lstmAddress, (state) => ({
    ...state,
    name: known(state.name) || start.name,
  }));
  const field = html("input", {
    type: "text",
    id: "lstm-name",
    maxlength: 20,
    autocomplete: "off",
    spellcheck: "false",
  });
  const strip = new PellucidTokenStrip();
  strip.setAttribute("label", "The name; below each letter the country that is most probable after it");
  const player = new PellucidPlayer();
  player.setAttribute("label", "letter");
  player.rate = 1.5;
  const map = new StateMap("Cell states: 64 cells by letters. Arrow keys choose one.");
  const bars = new PellucidBars();
  bars.setAttribute("label", "Most probable countries after the chosen letter");
  bars.style.height = "190px";
  bars.style.setProperty("--name-width", "96px");
  const card = html("div", { class: "cell-well" });
  const effect = html("p", { class: "sum-line" });
  const [badge, control] = [testBadge(), testBadge()];
  const page = lessonPage({
    name: "lstm",
    style: css,
    question: "What does an LSTM keep in memory?",
    lead: "It reads a family name letter by letter and guesses the country. Press play, or point at a cell: what it forgets, adds and shows is a product and a sum.",
    goal: "compute a cell's next state from its three gates, and test whether a cell matters for the answer.",
    stage: html(
      "div",
      { class: "lstm-stage" },
      html("div", { class: "text-line" }, html("label", { for: "lstm-name" }, "Name"), field),
      strip,
      player,
      html(
        "div",
        { class: "two lstm-columns" },
        html("div", {}, html("h2", {}, "64 cells, one column a letter"), map.element),
        html("div", {}, html("h2", {}, "Country after this letter"), bars),
      ),
    ),
    stageLabel: "From the name to the country",
    heights: [510, 900],
    key: [
      ["plus", "positive"],
      ["minus", "negative"],
    ],
    tries: [
      ["Papadopoulos: after which letter is it sure of Greek?", "Papadopoulos"],
      ["Kowalski, without its ending", "Kowal"],
      ["Yamamoto backwards", "otomamaY"],
    ].map(([label = "", name = ""]) => ({
      label,
      does: () => {
        selection.set({ name, letter: name.length - 1 });
        bars.toggleAttribute("covered", true);
        strip.notes = [];
        page.guess.ask("Your guess for the whole name:", [
          "Greek",
          "Polish",
          "Japanese",
          "Italian",
          "Russian",
        ]);
      },
    })),
    sections: [
      html("section", { class: "block card", "aria-label": "One cell at one letter" }, card),
      html(
        "section",
        { class: "block card", "aria-label": "Does this cell matter?" },
        html("h2", {}, "Does this cell matter for the answer?"),
        html(
          "p",
          { class: "prose" },
          "A cell with a large value looks important. The test sets it to 0 after the last letter and reads the answer again. Ranking cells by their value times the head's weight must find those whose removal changes the probability most; ranking them by their number, a fake, must not.",
        ),
        effect,
        html("div", { class: "row" }, badge, control),
      ),
    ],
    care: "Gates show what one cell does, not what it stands for: most cells have no name in our language, and several together carry one fact. Setting a cell to 0 is a state that the network may never have seen. The names are of 18 countries only; every other name gets one of them too.",
    formula:
      "i, f, o = σ(W x + U h + b);   g = tanh(W x + U h + b)\nc′ = f · c + i · g\nh′ = o · tanh(c′)        Hochreiter and Schmidhuber, 1997; Gers et al., 2000",
    exercises: [
      {
        task: "Find a cell and a letter where the forget gate is below 0.2. What happens to the column of that cell?",
        solution:
          "The old value is multiplied by less than 0.2, so that the color changes abruptly at that letter: only what the input gate lets in is left.",
        check: () => {
          const { letter, cell } = selection.state;
          const f = found?.f[letter]?.[cell] ?? 1;
          return { solved: f < 0.2, says: `The forget gate is ${short(f)}.` };
        },
      },
      {
        task: "Change one letter in the middle of the name. From which column on do the cells differ?",
        solution:
          "From that letter on and not before: an LSTM reads in one direction, and its state is all that it has of the letters before.",
      },
      {
        task: "Write a name that it takes for Italian with more than 90%.",
        solution: "Endings in -ini, -elli or -etti do it: “Bellini”.",
        check: () => {
          const p = found?.predicted.at(-1)?.[countries.indexOf("Italian")] ?? 0;
          return { solved: p > 0.9, says: `Italian: ${percent(p)}.` };
        },
      },
    ],
    program: source,
  });

  let net: NameNet | null = null;
  let found: Inside | null = null;
  const showLetter = () => {
    if (found === null) return;
    const { name, letter, cell } = selection.state;
    const at = Math.min(letter, name.length - 1);
    strip.value = at;
    player.steps = name.length;
    player.at = at;
    const row = found.predicted[at] ?? new Float32Array();
    const order = Array.from(row.keys())
      .toSorted((a, b) => (row[b] ?? 0) - (row[a] ?? 0))
      .slice(0, 6);
    bars.names = order.map((i) => countries[i] ?? "");
    bars.values = order.map((i) => row[i] ?? 0);
    card.replaceChildren(
      html("h2", {}, `Cell ${cell + 1} at “${name[at]}”, letter ${at + 1}`),
      cellCard(found, at, cell),
    );
    map.at = [cell, at];
    const value = found.c[at]?.[cell] ?? 0;
    page.hint(
      `Cell ${cell + 1} after letter ${at + 1}, “${name[at]}” = ${short(value)}; forget gate ${short(found.f[at]?.[cell] ?? 0)}`,
    );
    void test().catch(page.fails);
  };
  let turn = 0;
  const test = async () => {
    if (net === null || found === null) return;
    const mine = ++turn;
    const { cell } = selection.state;
    const last = found.predicted.at(-1) ?? new Float32Array();
    const country = bestOf(last);
    const all = Array.from({ length: cells }, (_, i) => i);
    const left = await withoutCells(net, found, country, all);
    const weights = await net.head.weight.data();
    if (mine !== turn) return;
    const whole = last[country] ?? 0;
    const effects = left.map((p) => Math.abs(whole - p));
    const h = found.h.at(-1) ?? new Float32Array();
    const byWeight = all.map((i) => Math.abs((h[i] ?? 0) * (weights[i * countries.length + country] ?? 0)));
    const [real, fake] = [rankAgreement(byWeight, effects), rankAgreement(all, effects)];
    effect.textContent = `Without cell ${cell + 1} the probability of ${countries[country]} goes from ${percent(whole)} to ${percent(left[cell] ?? 0)}.`;
    markBadge(badge, real > 0.5, `By value × weight: rank agreement ${short(real)}`);
    markBadge(control, fake > 0.5, `Control, by number: ${short(fake)}`);
    const letter = Math.min(selection.state.letter, found.c.length - 1);
    const hand = cellByHand(found, letter, cell);
    page.ready({
      country: countries[country] ?? "",
      real,
      fake,
      difference:
        Math.abs(hand.c - (found.c[letter]?.[cell] ?? 0)) + Math.abs(hand.h - (found.h[letter]?.[cell] ?? 0)),
    });
  };
  const read = async (name: string) => {
    if (net === null) return;
    const { encode } = await nameReader();
    const got = await inside(net, encode(name).ids);
    if (name !== selection.state.name) return;
    found = got;
    strip.tokens = Array.from(name);
    if (page.guess.hidden) showNotes();
    map.show(
      got.c.map((row) => Array.from(row)),
      cells,
    );
    const last = got.predicted.at(-1) ?? new Float32Array();
    const best = bestOf(last);
    if (page.guess.hidden) sayNow(best, last[best] ?? 0);
    showLetter();
  };
  const showNotes = () => (strip.notes = (found?.predicted ?? []).map((row) => countries[bestOf(row)] ?? ""));
  const sayNow = (best: number, p: number) => {
    page.say(
      "Prediction: ",
      html("b", {}, countries[best] ?? ""),
      ` (${percent(p)}) for ${selection.state.name}.`,
    );
  };
  page.guess.addEventListener("guess", (event) => {
    bars.removeAttribute("covered");
    showNotes();
    const last = found?.predicted.at(-1) ?? new Float32Array();
    const best = bestOf(last);
    sayNow(best, last[best] ?? 0);
    if (event instanceof CustomEvent && event.detail !== null) {
      const guessed = ["Greek", "Polish", "Japanese", "Italian", "Russian"][Number(event.detail)];
      page.hint(page.guess.judge(guessed === countries[best]));
    }
  });
  field.addEventListener("input", () => {
    const name = known(field.value);
    if (name !== "") selection.set({ name, letter: name.length - 1 });
  });
  strip.addEventListener("change", () => selection.set({ letter: strip.value }));
  player.addEventListener("step", () => selection.set({ letter: player.at }));
  map.element.addEventListener("pick", (event) => {
    if (event instanceof CustomEvent) selection.set({ cell: event.detail[0], letter: event.detail[1] });
  });
  const run = async () => {
    const backend = await startBackend();
    net = (await nameReader()).net;
    page.device(`30,000 weights, on ${backend}`);
    selection.on(["name"], ({ name }) => {
      if (document.activeElement !== field) field.value = name;
      read(name).catch(page.fails);
    });
    selection.on(["letter", "cell"], showLetter);
  };
  run().catch(page.fails);
  return page.element;
}

/** Spearman's correlation of two rankings. */
function rankAgreement(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const ranks = (values: ArrayLike<number>) => {
    const order = Array.from({ length: values.length }, (_, i) => i).toSorted(
      (i, j) => (values[i] ?? 0) - (values[j] ?? 0),
    );
    const rank = new Float64Array(values.length);
    for (const [r, i] of order.entries()) rank[i] = r;
    return rank;
  };
  const [x, y] = [ranks(a), ranks(b)];
  const n = x.length;
  const squares = x.reduce((sum, v, i) => sum + (v - (y[i] ?? 0)) ** 2, 0);
  return 1 - (6 * squares) / (n * (n * n - 1));
}
