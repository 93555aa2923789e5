import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { short, signed } from "@pellucid/interpret/parts/number-text";
import { onTheme } from "@pellucid/interpret/parts/on-theme";
import { colorAt, largest, paintSigned } from "@pellucid/interpret/parts/paint";
import { PellucidPlayer } from "@pellucid/interpret/parts/player";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import css from "./cart-pole.css?inline";
import { CartView } from "./cart-view.ts";
import { hiddenRows } from "./hidden-rows.ts";
import {
  type Frame,
  inputs,
  looksAt,
  meanSteps,
  most,
  play,
  type Snapshots,
  snapshots,
  stored,
  valueMap,
} from "./program.ts";
import { shareRows } from "./share-rows.ts";

interface CartState {
  /** Which of the stored networks. */
  readonly training: number;
  readonly kick: number;
  readonly seed: number;
  readonly step: number;
}

const last = stored.length - 1;
const start: CartState = { training: last, kick: 0.6, seed: 3, step: 62 };
const kickAt = 60;
const side = 41;
/** What the map shows: angles in radians, and angular velocities. */
const reach = [0.21, 1.5] as const;
const address = new URL("./snapshots.safetensors", import.meta.url);
/** An important number, hidden, lets the pole fall within as many steps. */
const soon = 100;

/** The page "What does it look at?" */
export function cartPole(source: string): HTMLElement {
  const selection = lessonSelection("cart-pole", start, {
    training: integerText(last),
    kick: numberText(-2, 2),
    seed: integerText(20),
    step: integerText(most - 1),
  });
  const view = new CartView();
  const player = new PellucidPlayer();
  player.setAttribute("label", "step");
  player.rate = 25;
  const canvas = html("canvas", {
    width: side,
    height: side,
    role: "img",
    "aria-label": "Which push is better, over the pole's angle and angular velocity",
  });
  const dot = html("i", { class: "map-dot", "aria-hidden": "true" });
  const map = html("div", { class: "value-map" }, canvas, dot);
  const looks = html("table", { class: "plain looks" });
  const tested = html("table", { class: "plain" });
  const [verdict, control] = [testBadge(), testBadge()];
  const page = lessonPage({
    name: "cart-pole",
    style: css,
    question: "What does it look at?",
    lead: "A network of 1,282 weights has learned to balance a pole. It sees four numbers. Press play, push the pole, go back in its training, and see which number decides.",
    goal: "read the values of two actions and what they depend on, and test by hiding a number whether a policy needs it.",
    stage: html(
      "div",
      { class: "gp-stage cart-stage" },
      html("div", {}, view.element, player, looks),
      html(
        "div",
        { class: "gp-controls" },
        html("h2", {}, "Left or right, by angle and its speed"),
        map,
        rangeLine(selection, "training", {
          label: "Trained for",
          min: 0,
          max: last,
          step: 1,
          text: (v) => `${(stored[v] ?? 0).toLocaleString("en")} steps`,
        }),
        rangeLine(selection, "kick", {
          label: `Push at step ${kickAt}`,
          min: -2,
          max: 2,
          step: 0.1,
          text: (v) => signed(v, 1),
        }),
        rangeLine(selection, "seed", { label: "Episode", min: 0, max: 20, step: 1 }),
      ),
    ),
    stageLabel: "A cart, its pole, and the values of both pushes",
    heights: [520, 830],
    key: [
      ["plus", "for the right"],
      ["minus", "for the left"],
    ],
    tries: [
      {
        label: "A push of 2: does it save the pole?",
        does: () => {
          selection.set({ ...start, kick: 2, step: kickAt });
          page.guess.ask("Your guess:", ["yes, until the end", "no, it falls"]);
        },
      },
      {
        label: "Before any training",
        does: () => selection.set({ ...start, training: 0, step: 0 }),
      },
    ],
    sections: [
      html(
        "section",
        { class: "block card", "aria-label": "Does it need that number?" },
        html("h2", {}, "Does it need that number?"),
        html(
          "p",
          { class: "prose" },
          `The gradient of “right less left”, times how far a number is from its mean in this episode, ranks the four numbers. The test hides one: the network gets 0 instead, in 20 other episodes. Without the number that is ranked first the pole has to fall within ${soon} steps. The control ranks by the size of the numbers, and never asks the network.`,
        ),
        html("div", { class: "row" }, verdict, control),
        html("div", { class: "hidden-numbers" }, tested),
      ),
    ],
    care: "What is kept well hardly moves: the angle stays within a degree, so its share looks small, and without it the pole still falls. A gradient tells what decides now, hiding a number what the policy needs over time. 0 is a number too: another stand-in gives other steps. At most 500 steps are played.",
    formula:
      "Q(s, a) ← r + γ max Q(s′, ·), with a network, stored steps and a slower copy as the target        Mnih et al., 2015\nshare of number i at a step: ∂(Q(s, right) − Q(s, left)) ÷ ∂sᵢ · (sᵢ − mean of sᵢ)",
    exercises: [
      {
        task: "Find the largest push that it survives for all 500 steps.",
        solution:
          "Between 0.6 and 1, and not the same in each direction: it depends on where the cart is at step 60.",
        set: () => selection.set(start),
        check: () => ({
          solved: held >= most && Math.abs(selection.state.kick) >= 0.6,
          says: `With a push of ${signed(selection.state.kick, 1)} it holds ${held} steps.`,
        }),
      },
      {
        task: "Go through its training. From which snapshot on does the map have a line from top left to bottom right? What does that line mean?",
        solution:
          "On the line both pushes are worth the same: a pole that leans to the right but turns to the left needs none. Above it the pole falls to the right, so the cart has to go right.",
        set: () => selection.set({ ...start, training: 0 }),
      },
    ],
    program: source,
  });

  let models: Snapshots | null = null;
  let frames: readonly Frame[] = [];
  let shares: readonly Float32Array[] = [];
  let held = 0;
  let mapTurn = 0;
  let painted: Float32Array | null = null;
  const paint = () => {
    if (painted === null || !canvas.isConnected) return;
    const inks = [
      colorAt(canvas.parentElement ?? canvas, "plus"),
      colorAt(canvas.parentElement ?? canvas, "minus"),
    ] as const;
    paintSigned(canvas, { values: painted, height: side, width: side }, largest(painted) / 2, inks);
  };
  const showStep = () => {
    const at = Math.min(selection.state.step, frames.length - 1);
    const frame = frames[at];
    const net = models?.nets[selection.state.training];
    if (frame === undefined || net === undefined) return;
    player.at = at;
    const [left = 0, right = 0] = frame.q;
    const isOver = at === frames.length - 1 && held < most;
    view.show(frame.state, right > left, isOver);
    const share = shares[at] ?? new Float32Array(4);
    const reachNow = Math.max(...shares.map((row) => largest(row)), 1e-9);
    looks.replaceChildren(
      html(
        "caption",
        {},
        `Right ${short(right)}, left ${short(left)}: ${right > left ? "right" : "left"} by ${short(Math.abs(right - left))}`,
      ),
      ...shareRows(frame, share, reachNow),
    );
    const percentOf = (value: number, most_: number) => Math.min(100, Math.max(0, 50 + (50 * value) / most_));
    dot.style.left = `${percentOf(frame.state[2] ?? 0, reach[0])}%`;
    dot.style.top = `${100 - percentOf(frame.state[3] ?? 0, reach[1])}%`;
    page.hint(
      `Step ${at + 1}: ${inputs.map((name, i) => `${name} ${short(frame.state[i] ?? 0)}`).join(", ")}`,
    );
    const mine = ++mapTurn;
    valueMap(net, frame.state, side, reach)
      .then((values) => {
        if (mine !== mapTurn) return;
        painted = values;
        paint();
      })
      .catch(page.fails);
  };
  let turn = 0;
  const compute = async () => {
    if (models === null) return;
    const mine = ++turn;
    page.busy(true);
    const { training, kick, seed } = selection.state;
    const net = models.nets[training];
    if (net === undefined) return;
    const played = await play(net, { seed, kick, kickAt });
    if (mine !== turn) return;
    const states = played.map(({ state }) => state);
    const mean = inputs.map(
      (_, i) => states.reduce((sum, state) => sum + (state[i] ?? 0), 0) / states.length,
    );
    const away = states.map((state) => state.map((v, i) => v - (mean[i] ?? 0)));
    const found = await looksAt(net, states, away);
    if (mine !== turn) return;
    frames = played;
    shares = found;
    held = played.length;
    player.steps = held;
    showStep();
    if (page.guess.hidden)
      page.say(
        "The pole stays up for ",
        html("b", {}, held >= most ? `all ${most} steps` : `${held} steps`),
        ".",
      );
    await test(net, () => mine === turn);
    page.busy(false);
  };
  const test = async (net: Snapshots["nets"][number], isMine: () => boolean) => {
    const whole = await meanSteps(net, 20);
    const random = await meanSteps(null, 20);
    const hidden: number[] = [];
    for (const [i] of inputs.entries()) {
      hidden.push(await meanSteps(net, 20, i));
      if (!isMine()) return;
    }
    const meanOf = (rows: readonly ArrayLike<number>[], i: number) =>
      rows.reduce((sum, row) => sum + Math.abs(row[i] ?? 0), 0) / rows.length;
    const bySaliency = inputs.map((_, i) => meanOf(shares, i));
    const bySize = inputs.map((_, i) =>
      meanOf(
        frames.map(({ state }) => state),
        i,
      ),
    );
    const first = bySaliency.indexOf(Math.max(...bySaliency));
    const largestOne = bySize.indexOf(Math.max(...bySize));
    const mark = (badge: HTMLElement, i: number, text: string) => {
      const steps = hidden[i] ?? most;
      const passed = steps <= soon && whole > 2 * soon;
      markBadge(badge, passed, `${text}: ${inputs[i] ?? ""}, without it ${Math.round(steps)} steps`);
    };
    mark(verdict, first, "By gradient");
    mark(control, largestOne, "Control, by size");
    tested.replaceChildren(...hiddenRows({ bySaliency, bySize, hidden, whole, random }));
    page.ready({
      held,
      whole,
      random,
      withoutFirst: hidden[first] ?? most,
      withoutLargest: hidden[largestOne] ?? most,
      training: selection.state.training,
    });
  };
  page.guess.addEventListener("guess", (event) => {
    page.say(
      "The pole stays up for ",
      html("b", {}, held >= most ? `all ${most} steps` : `${held} steps`),
      ".",
    );
    if (event instanceof CustomEvent && event.detail !== null)
      page.hint(page.guess.judge(event.detail === (held >= most ? 0 : 1)));
  });
  player.addEventListener("step", () => selection.set({ step: player.at }));
  onTheme(paint);
  const run = async () => {
    const backend = await startBackend();
    models = snapshots(await (await fetch(address.href)).arrayBuffer());
    page.device(`1,282 weights, on ${backend}`);
    selection.on(["training", "kick", "seed"], () => void compute().catch(page.fails));
    selection.on(["step"], showStep);
  };
  run().catch(page.fails);
  return page.element;
}
