import type { MnistCnn } from "@pellucid/cnn";
import { type Cursor, PellucidMethodStrip } from "@pellucid/interpret/parts/method-strip";
import { percent } from "@pellucid/interpret/parts/number-text";
import type { Selection } from "@pellucid/interpret/parts/selection";
import { html } from "../../../interpret/src/draw/element-of.ts";
import type { LessonFacts, LessonPage } from "../frame/lesson-page.ts";
import type { DigitState } from "./digit-state.ts";
import { explain, methods, orders, type TestedMap } from "./program.ts";

const texts: Readonly<Record<(typeof methods)[number], readonly [title: string, asks: string]>> = {
  gradient: ["Gradient × input", "If this pixel faded a little, would the score drop?"],
  integrated: ["Integrated gradients", "How much of the score comes from this pixel?"],
  layerCam: ["LayerCAM", "Where does the second convolution find evidence?"],
  occlusion: ["Occlusion", "How far does the score drop when a 5 × 5 patch here is blank?"],
  edges: ["Control: edges only", "Never asks the network. Does the test catch it?"],
};

type Ask = (drawings: readonly Float32Array[]) => Promise<Float32Array[]>;

/** Explanations next to each other, the slider of their test, and what computes them. */
export interface TestedMaps {
  readonly element: HTMLElement;
  /** What computes probabilities, once there is a network. */
  readonly ask: (ask: Ask) => void;
  /** Explains when the pen rests, and calls `done`. */
  readonly explainSoon: (net: MnistCnn, target: () => number, done: () => void, page: LessonPage) => void;
  readonly facts: () => LessonFacts;
}

/** The strip of explanations of the digit lesson. */
export function testedMaps(selection: Selection<DigitState>): TestedMaps {
  const strip = new PellucidMethodStrip();
  const share = html("output", { for: "erase-share" });
  const slider = html("input", { type: "range", id: "erase-share", min: 0, max: 1, step: 0.05, value: 0.4 });
  const time = html("p", { class: "time" });
  const well = html("div", { class: "strip-well" }, strip);
  const element = html(
    "div",
    {},
    html(
      "p",
      { class: "prose" },
      "Four methods answer; a fifth map is a fake that never looks at the network. A convincing picture proves nothing, so each one is tested.",
    ),
    html(
      "div",
      { class: "slider-line" },
      html(
        "label",
        { for: "erase-share" },
        "Test them: erase the ",
        share,
        " of the ink that each map calls most important. Does the answer change?",
      ),
      slider,
    ),
    well,
    time,
  );
  let ask: Ask | null = null;
  let found: readonly TestedMap[] = [];
  let turn = 0;
  const erase = async () => {
    const { hide, pixels } = selection.state;
    share.textContent = `${Math.round(100 * hide)}%`;
    slider.value = String(hide);
    strip.hide = hide;
    if (ask === null || found.length === 0) return;
    const mine = ++turn;
    const ink = Array.from(pixels.keys()).filter((i) => (pixels[i] ?? 0) > 0.1);
    const many = Math.round(ink.length * hide);
    const drawings = found.map(({ map }) => {
      const left = Float32Array.from(pixels);
      for (const i of ink.toSorted((a, b) => (map[b] ?? 0) - (map[a] ?? 0)).slice(0, many)) left[i] = 0;
      return left;
    });
    const answers = await ask(drawings);
    if (mine !== turn) return;
    const says = answers.map((p) => {
      const best = p.indexOf(Math.max(...p));
      return `now ${best} (${percent(p[best] ?? 0)})`;
    });
    strip.showLeft(drawings, says);
  };
  slider.addEventListener("input", () => selection.set({ hide: Number(slider.value) }));
  strip.addEventListener("cursor", (event) => {
    selection.set({ cursor: event instanceof CustomEvent ? (event.detail as Cursor | null) : null });
  });
  selection.on(["cursor"], ({ cursor }) => (strip.cursor = cursor));
  selection.on(["hide"], () => void erase());

  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop = new AbortController();
  const explainNow = async (net: MnistCnn, target: number, page: LessonPage) => {
    stop = new AbortController();
    const { signal } = stop;
    const { pixels, rival } = selection.state;
    const begin = performance.now();
    page.busy(true);
    try {
      const { tested, random } = await explain(
        net,
        pixels,
        { target, rival: rival === target ? null : rival },
        signal,
      );
      signal.throwIfAborted();
      found = tested;
      strip.data = {
        ink: pixels,
        height: 28,
        width: 28,
        random,
        orders,
        methods: methods.map((name, i) => {
          const [title, asks] = texts[name];
          const { map, curve, beats } = tested[i] ?? { map: [], curve: [], beats: 0 };
          return { title, asks, map, curve, beats, control: name === "edges" };
        }),
      };
      await erase();
      const milliseconds = Math.round(performance.now() - begin);
      time.textContent = `Five maps and ${methods.length + orders} deletion tests in ${milliseconds} ms, in this page.`;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (!signal.aborted) page.busy(false);
    }
  };
  const explained = async (net: MnistCnn, target: number, done: () => void, page: LessonPage) => {
    try {
      await explainNow(net, target, page);
      done();
    } catch (error) {
      page.fails(error);
    }
  };
  return {
    element,
    ask: (how) => (ask = how),
    explainSoon: (net, target, done, page) => {
      clearTimeout(timer);
      stop.abort();
      strip.wait();
      timer = setTimeout(() => void explained(net, target(), done, page), 180);
    },
    facts: () => Object.fromEntries(methods.map((name, i) => [name, found[i]?.beats ?? -1])),
  };
}
