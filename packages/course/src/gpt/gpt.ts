import { Rng } from "@pellucid/core-train";
import { percent, short, signed } from "@pellucid/interpret/parts/number-text";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import { PellucidTokenStrip } from "@pellucid/interpret/parts/token-strip";
import type { Gpt } from "@pellucid/transformer";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { characters } from "../../../interpret/stories/nets/plays.ts";
import { gptReader } from "../../../interpret/stories/nets/plays-reader.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import css from "./gpt.css?inline";
import { gptAddress, start } from "./gpt-state.ts";
import { lensTable } from "./lens-table.ts";
import { nameOf, nextToken } from "./next-token.ts";
import { explainTokens, headEffects, orders, read, type Reading } from "./program.ts";
import { testedTokens } from "./tested-tokens.ts";

const heads = 4;
const names = Array.from({ length: characters.size }, (_, i) => characters.decode([i]));

/** Only characters that the model knows, at most 64. */
const known = (text: string): string =>
  Array.from(text)
    .filter((letter) => names.includes(letter))
    .slice(-64)
    .join("");

/** The page "How does a GPT choose the next letter?" */
export function gpt(source: string): HTMLElement {
  const selection = lessonSelection("gpt", start, gptAddress, (state) => ({
    ...state,
    text: known(state.text) || start.text,
  }));
  const field = html("input", {
    type: "text",
    id: "gpt-text",
    maxlength: 64,
    autocomplete: "off",
    spellcheck: "false",
  });
  const strip = new PellucidTokenStrip();
  strip.setAttribute("label", "The text; arcs go from the chosen character to those that it attends to");
  const tiles = new PellucidPicker();
  tiles.setAttribute("label", "Attention of each head; the chosen one is drawn as arcs");
  tiles.style.setProperty("--thumb", "78px");
  const effects = html("ol", { class: "effects", "aria-label": "Effect of switching each head off" });
  const lens = html("div", {
    class: "lens-well",
    tabindex: 0,
    role: "region",
    "aria-label": "Table of layers and letters",
  });
  const tested = html("div", { class: "tested-tokens" });
  const next = nextToken(selection, (token) => write(token));
  const stage = html(
    "div",
    { class: "gpt-stage" },
    html("div", { class: "text-line" }, html("label", { for: "gpt-text" }, "Text"), field),
    strip,
    html(
      "div",
      { class: "gpt-columns" },
      html(
        "div",
        { class: "heads" },
        html("h2", {}, "Eight heads: rows attend to columns"),
        tiles,
        html("h3", {}, "Switched off one by one: change of the log-probability"),
        effects,
      ),
      next.element,
    ),
  );
  const page = lessonPage({
    name: "gpt",
    style: css,
    question: "How does a GPT choose the next letter?",
    lead: "Type, or take one of its own letters. Point at a letter to see what it attends to, choose a head, and drag the three sliders: the bars answer.",
    goal: "read attention, say what temperature, top-k and top-p do, and test whether a head or a letter matters.",
    stage,
    stageLabel: "From the text to the next character",
    heights: [690, 1120],
    key: [["plus", "attention"]],
    tries: [
      attempt("After “the q”: which letter?", "What is the q", ["a", "e", "u", "␣"]),
      attempt("Does it finish a name it has seen?", "ROMEO:\nWhere is Juliet? I love Jul", [
        "i",
        "e",
        "l",
        "y",
      ]),
      attempt("What follows two line ends?", "I am thy lord.\n\n", [
        "a lower-case letter",
        "a capital letter",
        "a space",
      ]),
    ],
    sections: [
      html(
        "section",
        { class: "block", "aria-label": "Logit lens" },
        html("h2", { class: "large" }, "When does it know?"),
        html(
          "p",
          { class: "prose" },
          "The logit lens reads each layer's output with the model's own head: what it would write if it ended there. Outlined: right, by the text that follows.",
        ),
        html("div", { class: "card" }, lens),
      ),
      html(
        "section",
        { class: "block", "aria-label": "Why this letter" },
        html("h2", { class: "large" }, "Which letters does the prediction depend on?"),
        html(
          "p",
          { class: "prose" },
          "Three methods and a fake color the text. Then up to twelve letters before the last are blanked in the order of each: a method passes if the probability falls faster than in all of 19 random orders (dashed: their mean).",
        ),
        tested,
      ),
    ],
    care: "Attention says where a head reads from, not that it matters: compare the arcs of a head with what happens when it is switched off. A blanked text is unlike any that the model was trained on. This model reads letters, has two layers and 113,000 weights; a large one reads pieces of words and does more in each layer.",
    formula:
      "attention   softmax(q · kᵀ ÷ √d + mask) · v\ntemperature p ∝ exp(z ÷ T);   top-k: the k most probable;   top-p: the fewest that together have p",
    exercises: [
      {
        task: "Set the temperature to 0.1, then write 20 characters twice. Then do it at 1.5. What changes, and why?",
        solution:
          "Logits are divided by the temperature. At 0.1 the most probable letter has nearly all the probability, so that both texts are the same; at 1.5 improbable letters are drawn often, and words fall apart.",
        set: () => selection.set({ temperature: 0.1, topK: 67, topP: 1 }),
      },
      {
        task: "Find a text after which one letter has more than 99%.",
        solution:
          "“What is the q”: after a q it writes u. Or a name that occurs often, up to its last letter: “ROMEO:\\nO, Julie”.",
        check: () => {
          const most = Math.max(...probabilities);
          return { solved: most > 0.99, says: `The most probable letter has ${percent(most)}.` };
        },
      },
      {
        task: "Which head could be deleted? Find one whose arcs are strong but whose effect is near zero.",
        solution:
          "Look at the list under the heads: some change the log-probability by less than 0.05 although they attend sharply. What such a head reads is, here, not used.",
      },
    ],
    program: source,
  });

  function attempt(label: string, text: string, choices: readonly string[]) {
    return {
      label,
      does: () => {
        next.element.toggleAttribute("inert", true);
        next.element.classList.add("covered");
        selection.set({ text: known(text), at: known(text).length - 1 });
        page.guess.ask("Your guess: what comes next?", choices);
      },
    };
  }
  page.guess.addEventListener("guess", () => {
    next.element.removeAttribute("inert");
    next.element.classList.remove("covered");
  });

  let probabilities = new Float32Array();
  let reading: Reading | null = null;
  let net: Gpt | null = null;
  const tokensOf = () => Array.from(selection.state.text);
  const rowOf = (head: number, i: number) => {
    const n = tokensOf().length;
    const all = reading?.attention[Math.floor(head / heads)] ?? new Float32Array();
    const from = ((head % heads) * n + i) * n;
    return all.subarray(from, from + n);
  };
  const showHead = () => {
    const { head, at } = selection.state;
    tiles.value = head;
    strip.lines = (i) => rowOf(head, i);
    strip.value = Math.min(at, tokensOf().length - 1);
    sayToken(strip.value);
  };
  const sayToken = (i: number) => {
    const row = Array.from(rowOf(selection.state.head, i));
    const most = row.indexOf(Math.max(...row));
    const tokens = tokensOf();
    const which = `Layer ${Math.floor(selection.state.head / heads) + 1}, head ${(selection.state.head % heads) + 1}`;
    page.hint(
      `${which}: “${nameOf(tokens[i] ?? "")}” (letter ${i + 1}) attends mostly to “${nameOf(tokens[most] ?? "")}” (letter ${most + 1}), ${percent(row[most] ?? 0)}`,
    );
  };
  const show = () => {
    if (reading === null) return;
    const tokens = tokensOf();
    const n = tokens.length;
    strip.tokens = tokens;
    tiles.items = reading.attention.flatMap((values, layer) =>
      Array.from({ length: heads }, (_, head) => ({
        name: `Layer ${layer + 1}, head ${head + 1}`,
        values,
        height: n,
        width: n,
        from: head * n * n,
      })),
    );
    next.show(probabilities, names);
    lens.replaceChildren(lensTable(reading.lens, { tokens, names, hint: page.hint }));
    showHead();
    const best = probabilities.indexOf(Math.max(...probabilities));
    page.say(
      "The next letter is probably ",
      html("b", {}, `“${nameOf(names[best] ?? "")}”`),
      ` (${percent(probabilities[best] ?? 0)}).`,
    );
  };
  let turn = 0;
  const compute = async () => {
    const model = net;
    if (model === null) return;
    const mine = ++turn;
    const ids = characters.encode(selection.state.text);
    const got = await read(model, ids);
    if (mine !== turn) return;
    reading = got;
    probabilities = Float32Array.from((got.lens.at(-1) ?? new Float32Array()).slice(-names.length));
    show();
    await new Promise((resolve) => setTimeout(resolve, 250));
    if (mine !== turn) return;
    page.busy(true);
    const best = probabilities.indexOf(Math.max(...probabilities));
    const changes = (await headEffects(model, ids, best)).flat();
    const rng = new Rng(7);
    const blank = names.indexOf(" ");
    const isVowel = (id: number) => "aeiouAEIOU".includes(names[id] ?? "-");
    const explained = await explainTokens(model, ids, best, {
      blank,
      isVowel,
      random: () => rng.uniform([1], 0, 1).data[0] ?? 0,
    });
    if (mine !== turn) return;
    page.busy(false);
    effects.replaceChildren(
      ...changes.map((change, i) =>
        html("li", {}, `${Math.floor(i / heads) + 1}.${(i % heads) + 1}: `, html("b", {}, signed(-change))),
      ),
    );
    tested.replaceChildren(...testedTokens(tokensOf(), explained));
    page.ready({
      next: names[best] ?? "",
      probability: Number(short(probabilities[best] ?? 0, 4)),
      heads: changes.length,
      leaveOneOut: explained.tested[2]?.beats ?? -1,
      vowels: explained.tested[3]?.beats ?? -1,
      orders,
    });
  };
  const write = async (token: number) => {
    selection.set({ text: known(selection.state.text + (names[token] ?? "")) });
    selection.set({ at: selection.state.text.length - 1 });
    await new Promise((resolve) => setTimeout(resolve, 90));
  };
  field.addEventListener("input", () => {
    const text = known(field.value);
    if (text !== "") selection.set({ text, at: text.length - 1 });
  });
  strip.addEventListener("change", () => selection.set({ at: strip.value }));
  strip.addEventListener("preview", (event) => {
    if (event instanceof CustomEvent) sayToken(event.detail ?? strip.value);
  });
  tiles.addEventListener("change", () => selection.set({ head: tiles.value ?? 0 }));
  selection.on(["head", "at"], showHead);
  const run = async () => {
    const backend = await startBackend();
    net = (await gptReader()).net;
    page.device(`113,000 weights, on ${backend}`);
    selection.on(["text"], ({ text }) => {
      if (document.activeElement !== field) field.value = text.replaceAll("\n", " ");
      compute().catch(page.fails);
    });
  };
  run().catch(page.fails);
  return page.element;
}
