import { Rng } from "@pellucid/core-train";
import { integerText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { onTheme } from "@pellucid/interpret/parts/on-theme";
import { colorAt, paintInk } from "@pellucid/interpret/parts/paint";
import { frame, size } from "../../../../examples/dream-world/catch-game.ts";
import { psnr } from "../../../../examples/dream-world/dream.ts";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./dream-world.css?inline";
import { keysOf } from "./keys-of.ts";
import {
  begin,
  copied,
  type Dreamer,
  dreamWorld,
  left,
  next,
  type Played,
  right,
  stay,
  test,
  type Tested,
} from "./program.ts";

interface DreamState {
  readonly seed: number;
  readonly passes: number;
  /** 1 where the network is always given “stay”. */
  readonly deaf: number;
}

const start: DreamState = { seed: 1, passes: 8, deaf: 0 };
const address = new URL("../../../../examples/dream-world/dream-world.safetensors", import.meta.url);
/** Frames a second at most, so that it can be played. */
const pace = 12;
const games = 8;
const names = ["left", "stay", "right"];

/** The page "Can you play inside a network?" */
export function dreamWorldPage(source: string): HTMLElement {
  const selection = lessonSelection(
    "dream-world",
    start,
    { seed: integerText(9999), passes: integerText(16), deaf: integerText(1) },
    (state) => ({ ...state, passes: Math.max(2, state.passes) }),
  );
  const screens = ["The dream", "The real game, same keys"].map((text) => {
    const canvas = html("canvas", { width: size, height: size, role: "img", "aria-label": text });
    return {
      canvas,
      figure: html("figure", {}, html("div", { class: "framed" }, canvas), html("figcaption", {}, text)),
    };
  });
  const pill = (text: string, does: () => void) => {
    const button = html("button", { type: "button", class: "pill" }, text);
    button.addEventListener("click", does);
    return button;
  };
  const run = pill("▶ Play", () => toggle());
  const again = pill("A new game", () => selection.set({ seed: (selection.state.seed + 1) % 10_000 }));
  const ears = ["It hears your keys", "Deaf: always given “stay”"].map((text, i) =>
    pill(text, () => selection.set({ deaf: i })),
  );
  const keys = keysOf(["← Left", "Right →"], [left, right], stay);
  const [verdict, control] = [testBadge(), testBadge()];
  const measured = html("p", { class: "sum-line" });
  const page = lessonPage({
    name: "dream-world",
    style: css,
    question: "Can you play inside a network?",
    lead: "There is no game in the left picture: a network draws each frame from noise, given the last three and your key. Press play, and use the arrow keys or the buttons.",
    goal: "say what a world model predicts, and test whether it follows your actions or only its habits.",
    stage: html(
      "div",
      { class: "gp-stage dream-stage" },
      html("div", { class: "framed-pair screens" }, ...screens.map(({ figure }) => figure)),
      html(
        "div",
        { class: "gp-controls" },
        html("div", { class: "row" }, run, again),
        html("div", { class: "row" }, ...keys.buttons),
        html("div", { class: "row" }, ...ears),
        rangeLine(selection, "passes", { label: "Passes a frame", min: 2, max: 16, step: 1 }),
      ),
    ),
    stageLabel: "A dreamed game and the real one",
    heights: [290, 440],
    key: [["ink", "bright"]],
    tries: [
      {
        label: "How many frames until the ball is lost?",
        does: () => {
          selection.set({ ...start, seed: selection.state.seed + 1 });
          page.guess.ask("Your guess: dream and game show the same ball for", ["5 frames", "30", "for ever"]);
        },
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Does it follow your keys?" },
        html("h2", {}, "Does it follow your keys?"),
        html(
          "p",
          { class: "prose" },
          `From ${games} real games, each with all three keys, the network draws the next frame. It passes if in three of four the paddle goes where the key says. The control is the same network, always given “stay”: its frames look as good, but it must fail.`,
        ),
        html("div", { class: "row" }, verdict, control),
        measured,
      ),
    ],
    care: "A dream has no rules: what the last three frames do not show is forgotten, and small errors become part of the next frame. The ball may vanish, double, or pass through the paddle. That frames are near to true ones for one step says nothing of a hundred.",
    formula:
      "frame ~ p(frame | last three frames, action), drawn by a diffusion model: x₀ ≈ net(x_t, t, frames, action)        Valevski et al., 2024\nPSNR = 10 log₁₀(4 ÷ mean squared error), for pixels from −1 to 1",
    exercises: [
      {
        task: "Play with 2 passes a frame, then with 16. What becomes faster, what becomes worse?",
        solution:
          "A frame takes as long as its passes. With two, a frame is a mean over what could come: a ball that might bounce turns gray, and the next frame is drawn from that.",
        set: () => selection.set({ passes: 2 }),
      },
      {
        task: "Let the dream run without a key. Why does the paddle stay sharp while the ball gets lost?",
        solution:
          "The paddle's next position is certain from the last frame and the key. The ball's depends on its direction, which has to be read from three frames, and near walls on a single pixel.",
        set: () => selection.set(start),
      },
    ],
    program: source,
  });

  let dreamer: Dreamer | null = null;
  let now: Played | null = null;
  let shown: readonly Float32Array[] = [];
  let rng = new Rng(0);
  let playing = false;
  let frames = 0;
  let took: readonly number[] = [];
  let turns = Promise.resolve();
  const inTurn = (task: () => Promise<void>) => (turns = turns.then(task).catch(page.fails));
  const paint = () => {
    const black = colorAt(page.element, "ink");
    for (const [i, { canvas }] of screens.entries()) {
      const values = Float32Array.from(shown[i] ?? [], (value) => (value + 1) / 2);
      paintInk(canvas, { values, height: size, width: size }, black);
    }
  };
  const restart = () =>
    inTurn(async () => {
      if (dreamer === null) return;
      now?.state.frames.dispose();
      rng = new Rng(selection.state.seed);
      now = begin(dreamer, rng);
      frames = 0;
      const pixels = frame(now.game);
      shown = [pixels, pixels];
      paint();
      page.hint("Both begin with the same three frames.");
    });
  const advance = (action: number) =>
    inTurn(async () => {
      if (dreamer === null || now === null) return;
      const { passes, deaf } = selection.state;
      const began = performance.now();
      const { pixels, ...later } = await next(dreamer, now, {
        action,
        heard: deaf === 1 ? stay : action,
        passes,
        rng,
      });
      took = [...took.slice(-9), performance.now() - began];
      now = later;
      frames++;
      shown = [pixels, frame(later.game)];
      paint();
      const milliseconds = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? NaN;
      page.device(
        `${device}; a frame takes ${short(milliseconds, 0)} ms, ${short(1000 / milliseconds, 0)} a second`,
      );
      const ratio = psnr(pixels, frame(later.game));
      page.hint(`Frame ${frames}, ${names[action] ?? ""}: dream and game agree to ${short(ratio, 1)} dB`);
      page.ready({ frames, milliseconds, ratio });
    });
  const toggle = () => {
    playing = !playing;
    run.textContent = playing ? "❚❚ Pause" : "▶ Play";
    if (playing) void loop();
  };
  const loop = async () => {
    while (playing && page.element.isConnected) {
      const began = performance.now();
      await advance(keys.held());
      await new Promise((resolve) =>
        setTimeout(resolve, Math.max(0, 1000 / pace - (performance.now() - began))),
      );
    }
  };
  keys.listen(page.element, (action) => {
    if (!playing) void advance(action);
  });
  let device = "";
  const mark = (badge: HTMLElement, { obeys }: Tested, text: string) =>
    markBadge(badge, obeys >= 0.75, `${text}: ${percent(obeys)} of frames follow the key`);
  const measure = () =>
    inTurn(async () => {
      if (dreamer === null) return;
      const drawing = { passes: start.passes, count: games };
      const hears = await test(dreamer, { ...drawing, rng: new Rng(5), isDeaf: false });
      const deaf = await test(dreamer, { ...drawing, rng: new Rng(5), isDeaf: true });
      const copy = copied(dreamer, 200, new Rng(6));
      mark(verdict, hears, "It hears");
      mark(control, deaf, "Control, deaf");
      measured.textContent = `The next frame is drawn at ${short(hears.psnr, 1)} dB, by the deaf one at ${short(deaf.psnr, 1)} dB; a copy of the last frame has ${short(copy, 1)} dB.`;
      page.say(
        "One step ahead, the dream is at ",
        html("b", {}, `${short(hears.psnr, 1)} dB`),
        " of the true game.",
      );
      page.ready({ dreamed: hears.psnr, copied: copy, obeys: hears.obeys, deafObeys: deaf.obeys });
    });
  page.guess.addEventListener("guess", () => {
    if (!playing) toggle();
  });
  selection.on(["deaf"], ({ deaf }) => {
    for (const [i, button] of ears.entries()) button.setAttribute("aria-pressed", String(i === deaf));
  });
  onTheme(paint);
  const open = async () => {
    const backend = await startBackend();
    dreamer = await dreamWorld(await (await fetch(address.href)).arrayBuffer());
    device = `187,000 weights, on ${backend}`;
    page.device(device);
    selection.on(["seed"], () => void restart());
    await turns;
    await measure();
  };
  open().catch(page.fails);
  return page.element;
}
