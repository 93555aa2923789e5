import { PellucidBars } from "@pellucid/interpret/parts/bars";
import { PellucidCompare } from "@pellucid/interpret/parts/compare";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { percent } from "@pellucid/interpret/parts/number-text";
import { onTheme } from "@pellucid/interpret/parts/on-theme";
import { PellucidPicker } from "@pellucid/interpret/parts/picker";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, resetBadge, testBadge } from "../frame/test-badge.ts";
import css from "./photographs.css?inline";
import { type PhotoNetwork, photoNetwork } from "./photo-network.ts";
import { PhotoView } from "./photo-view.ts";
import { photos } from "./photos.ts";
import {
  cells,
  hidden,
  type HidingTest,
  type MethodName,
  methods,
  orderOf,
  orders,
  side,
} from "./program.ts";
import { readPhoto } from "./read-photo.ts";

interface PhotographsState {
  /** One more than the last is the visitor's own. */
  readonly photo: number;
  readonly method: number;
  /** 1,000 for what it predicts. */
  readonly target: number;
  /** The share of cells that are hidden. */
  readonly hide: number;
}

const start: PhotographsState = { photo: 0, method: 0, target: 1000, hide: 0.2 };
const texts: Readonly<Record<MethodName, readonly [name: string, asks: string]>> = {
  gradCam: ["Grad-CAM", "Which of the last maps speak for the class, and where?"],
  gradient: ["Gradient × input", "If this cell faded a little, would the score drop?"],
  occlusion: ["Occlusion", "How far does the probability drop when a patch here is gray?"],
  darkness: ["Control: dark cells", "Never asks the network. Does the test catch it?"],
};
/** The page "What does it see in a photograph?" */
export function photographs(source: string): HTMLElement {
  const selection = lessonSelection("photographs", start, {
    photo: integerText(photos.length - 1),
    method: integerText(methods.length - 1),
    target: integerText(1000),
    hide: numberText(0, 0.6),
  });
  const view = new PhotoView();
  const compare = new PellucidCompare();
  compare.setAttribute("before", "where it looks");
  compare.setAttribute("after", "those cells hidden");
  compare.append(view.heat, view.hidden);
  const picker = new PellucidPicker();
  picker.setAttribute("label", "Photographs");
  picker.style.setProperty("--thumb", "56px");
  const file = html("input", { type: "file", accept: "image/*", id: "own-photo" });
  const bars = new PellucidBars();
  bars.names = Array.from({ length: 5 }, () => "");
  bars.setAttribute("label", "The five most likely classes; press one to explain it");
  bars.style.height = "170px";
  bars.style.setProperty("--name-width", "128px");
  const pills = methods.map((method, i) => {
    const button = html(
      "button",
      { type: "button", class: "pill", "aria-pressed": "false" },
      texts[method][0],
    );
    button.addEventListener("click", () => selection.set({ method: i }));
    return button;
  });
  const asks = html("p", { class: "sum-line" });
  const effect = html("p", { class: "sum-line" });
  const [verdict, control] = [testBadge("not tested"), testBadge("not tested")];
  const load = html("button", { type: "button", class: "pill" }, "Load the network (2.5 MB)");
  const page = lessonPage({
    name: "photographs",
    style: css,
    question: "What does it see in a photograph?",
    lead: "SqueezeNet tells a thousand classes of photographs apart. Load it, choose a photograph or open your own, and drag the line: left what it looks at, right the same cells out of focus.",
    goal: "find the region that a prediction rests on, test it by hiding it, and explain a wrong answer.",
    stage: html(
      "div",
      { class: "fooling-stage photo-stage" },
      html("div", {}, compare, html("div", { class: "pad-tools" }, picker)),
      html(
        "div",
        {},
        html("h2", {}, "Ask it why"),
        html("div", { class: "row" }, ...pills),
        asks,
        rangeLine(selection, "hide", {
          label: "Hide the most important cells",
          min: 0,
          max: 0.6,
          step: 0.05,
          text: (v) => `${Math.round(100 * v)}%`,
        }),
        effect,
        html("div", { class: "row" }, verdict, control),
      ),
      html(
        "div",
        {},
        html("h2", {}, "What it predicts"),
        bars,
        html("div", { class: "row controls" }, load),
        html("label", { for: "own-photo", class: "own-photo" }, "Your own photograph ", file),
      ),
    ),
    stageLabel: "A photograph, its explanation, and the prediction",
    heights: [470, 1260],
    key: [
      ["plus", "speaks for the class"],
      ["minus", "against it"],
    ],
    tries: [
      attempt("It calls the astronaut a Crock Pot. Does it look at the face, or at the helmet?", 6, [
        "the face",
        "the helmet",
      ]),
      attempt("The officer is a Windsor tie with 99%. Does the answer need his face?", 2, ["yes", "no"]),
    ],
    sections: [],
    care: "Hiding is done by a blur, and a blur is itself something that the network sees. The comparison hides the same pattern in nine other positions: beating them says that these cells matter more than others, not how the network uses them. Dark cells pass the test where the object is dark, as the cat is. Four of the eight photographs get a wrong answer; an explanation of a wrong answer is no less right.",
    formula:
      "Grad-CAM = ReLU(Σₖ wₖ Aₖ),  wₖ the mean of ∂z[class] ÷ ∂Aₖ        Selvaraju et al., 2017\nSqueezeNet 1.0: Iandola et al., 2016; these weights: Han, Mao and Dally, 2016, here in half precision",
    exercises: [
      {
        task: "Find a photograph on which the control passes, too. Why does it?",
        solution:
          "The cat is the darkest thing in its picture. One example proves nothing: on the seven others the dark cells fail.",
        check: () => ({
          solved: fake === orders,
          says:
            fake < 0
              ? "Load the network first."
              : `The dark cells beat ${fake} of ${orders} other positions.`,
        }),
      },
      {
        task: "What makes the raccoon a fox? Explain “grey fox”, then press “badger”.",
        solution: "Both look at the face; what differs is which parts speak against the class.",
        set: () => selection.set({ ...start, photo: 3, method: 1 }),
      },
    ],
    program: source,
  });
  function attempt(label: string, photo: number, choices: readonly string[]) {
    return {
      label,
      does: () => {
        selection.set({ ...start, photo });
        page.guess.ask(label, choices);
      },
    };
  }

  let ready: PhotoNetwork | null = null;
  let own: Float32Array | null = null;
  let fake = -1;
  let running = false;
  let again = false;
  const pixelsNow = async (): Promise<Float32Array> =>
    own ?? readPhoto((photos[selection.state.photo] ?? photos[0])?.url.href ?? "");
  const show = async () => {
    const { method, photo, hide, target: wanted } = selection.state;
    const name = methods[method] ?? "gradCam";
    pills.forEach((pill, i) => pill.setAttribute("aria-pressed", String(i === method)));
    asks.textContent = texts[name][1];
    picker.value = own === null ? photo : null;
    const pixels = await pixelsNow();
    view.show(pixels);
    if (ready === null) return;
    const { ask, names } = ready;
    const p = await ask({ does: "predict", pixels });
    const best = orderOf(p).slice(0, 5);
    const [top = 0] = best;
    const target = best.includes(wanted) ? wanted : top;
    bars.names = best.map((i) => names[i] ?? "");
    bars.values = best.map((i) => p[i] ?? 0);
    bars.value = best.indexOf(target);
    const words = names[target] ?? "";
    if (page.guess.hidden)
      page.say("Prediction: ", html("b", {}, names[top] ?? ""), ` (${percent(p[top] ?? 0)}).`);
    const map = await ask({ does: "map", pixels, method: name, target });
    const count = Math.round(hide * cells * cells);
    view.explain(map, hidden(pixels, orderOf(map).slice(0, count)));
    const dark = await ask({ does: "map", pixels, method: "darkness", target });
    const real = await ask({ does: "hide", pixels, map, target, count });
    const fakeTest =
      name === "darkness" ? real : await ask({ does: "hide", pixels, map: dark, target, count });
    const beaten = ({ left, moved }: HidingTest) => moved.filter((other) => left < other).length;
    const mean = real.moved.reduce((sum, value) => sum + value, 0) / orders;
    effect.replaceChildren(
      `With ${Math.round(100 * hide)}% hidden, “${words}” goes from ${percent(p[target] ?? 0)} to `,
      html("b", {}, percent(real.left)),
      `; with the same pattern elsewhere, to ${percent(mean)} on average.`,
    );
    fake = beaten(fakeTest);
    if (count === 0) for (const badge of [verdict, control]) resetBadge(badge, "nothing hidden");
    else {
      markBadge(
        verdict,
        beaten(real) === orders,
        `${texts[name][0]}: beats ${beaten(real)} of ${orders} other positions`,
      );
      markBadge(control, fake === orders, `Control, dark cells: ${fake} of ${orders}`);
    }
    page.hint(`“${words}”, explained in ${cells} × ${cells} cells of 16 pixels`);
    page.ready({
      predicted: names[top] ?? "",
      probability: p[top] ?? 0,
      left: real.left,
      moved: mean,
      beats: beaten(real),
      fake,
      photo,
      method: name,
      tensors: await ask({ does: "tensors" }),
    });
  };
  /** Once at a time; what has changed meanwhile is shown next. */
  const refresh = async () => {
    again = running;
    if (running) return;
    running = true;
    page.busy(ready !== null);
    try {
      do {
        again = false;
        await show();
      } while (again);
    } finally {
      running = false;
      page.busy(false);
    }
  };
  const update = () => void refresh().catch(page.fails);
  load.addEventListener("click", () => {
    load.disabled = true;
    load.textContent = "Loading …";
    photoNetwork()
      .then((made) => {
        ready = made;
        load.textContent = "Loaded";
        page.device(`1.2 million weights, on ${made.backend}, in a worker`);
        update();
      })
      .catch((error: unknown) => {
        load.disabled = false;
        load.textContent = "Load the network again (2.5 MB)";
        page.fails(error);
      });
  });
  page.guess.addEventListener("guess", update);
  picker.addEventListener("change", () => {
    own = null;
    selection.set({ photo: picker.value ?? 0, target: 1000 });
    update();
  });
  bars.addEventListener("change", () => {
    const chosen = ready?.names.indexOf(bars.names[bars.value ?? 0] ?? "") ?? -1;
    selection.set({ target: chosen < 0 ? 1000 : chosen });
  });
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen === undefined) return;
    readPhoto(chosen)
      .then((pixels) => {
        own = pixels;
        selection.set({ target: 1000 });
        update();
      })
      .catch(page.fails);
  });
  onTheme(() => view.repaint());
  const run = async () => {
    page.say("Load the network to ask it.");
    page.device("nothing loaded yet");
    const all = await Promise.all(photos.map(({ url }) => readPhoto(url.href)));
    picker.items = photos.map(({ name }, i) => ({
      name: `The photograph of ${name}`,
      values: all[i] ?? new Float32Array(3 * side * side),
      height: side,
      width: side,
      colored: true,
    }));
    selection.on(["photo", "method", "target", "hide"], update);
  };
  run().catch(page.fails);
  return page.element;
}
