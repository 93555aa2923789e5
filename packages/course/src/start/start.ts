import { PellucidBars } from "@pellucid/interpret/parts/bars";
import { inkText } from "@pellucid/interpret/parts/ink-text";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { answerSentence } from "../digit-cnn/answer-sentence.ts";
import { firstProbabilities } from "../digit-cnn/first-answers.ts";
import { padTools } from "../digit-cnn/pad-tools.ts";
import { readyDigits } from "../digit-cnn/ready-digits.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import css from "./start.css?inline";
import { lessonCards } from "./lesson-cards.ts";
import { classify, load } from "./program.ts";

const names = Array.from({ length: 10 }, (_, i) => String(i));
const weights = new URL("../../../interpret/stories/nets/mnist-cnn.safetensors", import.meta.url);

/** The landing page: a pad and a network that answers while you draw. */
export function start(source: string): HTMLElement {
  const digits = readyDigits();
  const first = { pixels: digits[3] ?? new Float32Array(784) };
  const selection = lessonSelection("start", first, { pixels: inkText(784) });
  const { pad, picker, tools } = padTools(digits);
  const bars = new PellucidBars();
  bars.names = names;
  bars.style.height = "300px";
  const stage = html("div", { class: "start-stage" }, html("div", {}, pad, tools), bars);
  const page = lessonPage({
    name: "start",
    style: css,
    question: "Draw a digit. See every number behind the answer.",
    lead: "A small network reads your drawing, here in the page: nothing is sent anywhere. The course takes it apart, then larger ones, and tests each explanation.",
    goal: "open any lesson below: each asks one question, lets you touch everything, and shows the program that runs.",
    stage,
    stageLabel: "Your drawing and the answer",
    heights: [320, 660],
    sections: [lessonCards()],
    care: "The network was trained on handwritten digits that fill the middle of the square. Whatever you draw, it has to choose one of ten: a high probability does not mean that there is a digit.",
    exercises: [
      {
        task: "Draw a 7 that it reads as a 1, and then, with one more stroke, as a 7 again.",
        solution: "A short upper bar does it; drawing the bar longer brings the 7 back.",
        set: () => pad.clear(),
      },
    ],
    program: source,
  });
  let probabilities = new Float32Array(10);
  const show = (found: Float32Array<ArrayBuffer>) => {
    probabilities = found;
    bars.values = found;
    bars.value = found.indexOf(Math.max(...found));
    page.say(
      ...answerSentence(
        found,
        selection.state.pixels.every((v) => v < 0.1),
        null,
      ),
    );
  };
  picker.addEventListener("change", () => {
    const index = picker.value ?? 0;
    const pixels = digits[index] ?? new Float32Array(784);
    pad.pixels = pixels;
    selection.set({ pixels });
    show(firstProbabilities(index));
  });
  pad.addEventListener("input", () => {
    picker.value = null;
    selection.set({ pixels: Float32Array.from(pad.pixels) });
  });
  pad.pixels = selection.state.pixels;
  const ready = digits.findIndex((digit) => digit.every((v, i) => v === selection.state.pixels[i]));
  if (ready >= 0) {
    picker.value = ready;
    show(firstProbabilities(ready));
  }
  const run = async () => {
    const [backend, file] = await Promise.all([startBackend(), fetch(weights.href)]);
    const net = load(await file.arrayBuffer());
    page.device(`8,490 weights, on ${backend}`);
    const answer = async () => {
      const begin = performance.now();
      const found = await classify(net, selection.state.pixels);
      show(found);
      page.device(`8,490 weights, ${(performance.now() - begin).toFixed(1)} ms on ${backend}`);
      page.ready({ predicted: found.indexOf(Math.max(...found)), sure: Math.max(...probabilities) });
    };
    selection.on(["pixels"], () => void answer().catch(page.fails));
  };
  run().catch(page.fails);
  return page.element;
}
