import { Rng } from "@pellucid/core-train";
import { integerText, numberText } from "@pellucid/interpret/parts/keep-address";
import { percent, short } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessonSelection } from "../frame/lesson-address.ts";
import { lessonPage, startBackend } from "../frame/lesson-page.ts";
import { rangeLine } from "../frame/range-line.ts";
import { markBadge, testBadge } from "../frame/test-badge.ts";
import { ClubMap } from "./club-map.ts";
import { club, type ClubNet, edgeEffects, fallWithout, hops, type Pair, predict, train } from "./program.ts";

interface GraphState {
  readonly node: number;
  /** Indices of the friendships that are cut, as bits of one text. */
  readonly cut: string;
  readonly keep: number;
}

const start: GraphState = { node: 8, cut: "", keep: 4 };
const orders = 19;
const cutText = {
  write: (cut: string) => cut,
  read: (text: string) =>
    /^(\d{1,2}(\.\d{1,2})*)?$/.test(text) && text.split(".").every((n) => Number(n) < 78) ? text : undefined,
};

/** The page "Who switches sides?" */
export function graph(source: string): HTMLElement {
  const given = club();
  const selection = lessonSelection("graph", start, {
    node: integerText(33),
    cut: cutText,
    keep: numberText(1, 12),
  });
  const cutOf = (text: string) => new Set(text === "" ? [] : text.split(".").map(Number));
  const edgesNow = () => {
    const gone = cutOf(selection.state.cut);
    return given.edges.filter((_, i) => !gone.has(i));
  };
  const map = new ClubMap(
    given,
    (node) => selection.set({ node }),
    (edge) => selection.set({ cut: [...cutOf(selection.state.cut), given.edges.indexOf(edge)].join(".") }),
  );
  const [verdict, control] = [testBadge(), testBadge()];
  const list = html("p", { class: "sum-line" });
  const restore = html("button", { type: "button", class: "pill" }, "Restore all friendships");
  restore.addEventListener("click", () => selection.set({ cut: "" }));
  const page = lessonPage({
    name: "graph",
    question: "Who switches sides?",
    lead: "A club of 34 split in two. The network knows the side of the two leaders only, 1 and 34; messages along friendships do the rest. Press a member to ask why, a friendship to cut it.",
    goal: "explain how a graph network labels nodes that it has no label of, and test which edges it depends on.",
    stage: html(
      "div",
      { class: "gp-stage" },
      map.element,
      html(
        "div",
        { class: "gp-controls" },
        rangeLine(selection, "keep", { label: "Friendships shown", min: 1, max: 12, step: 1 }),
        html(
          "p",
          { class: "prose" },
          "Wide: the friendships without which the predicted side of the chosen member loses most. A cross: not the side that the member took.",
        ),
        html("div", { class: "row" }, restore),
        html("h2", {}, "Do these friendships matter?"),
        list,
        verdict,
        control,
      ),
    ),
    stageLabel: "The club and its friendships",
    heights: [470, 860],
    key: [
      ["plus", "the president's side"],
      ["minus", "the instructor's side"],
    ],
    tries: [
      {
        label: "Member 9 has friends on both sides. Which side?",
        does: () => {
          selection.set({ node: 8, cut: "" });
          map.element.classList.add("covered");
          page.guess.ask("Your guess: the network says", ["the instructor's", "the president's"]);
        },
      },
    ],
    sections: [],
    care: "34 members, two labels, one seed: right or wrong of one member proves little. The test cuts friendships together, and a graph without them is one that the network was not trained on. Which edges a network depends on is not why people took sides.",
    formula:
      "h′ = D̂^(−½) (A + I) D̂^(−½) h W,   D̂ the degrees with self-loops        Kipf and Welling, 2017\ntwo layers: a node sees its friends' friends, and no farther",
    exercises: [
      {
        task: "Make member 9 switch sides by cutting friendships. How few are enough?",
        solution: "Cut the widest ones first: two or three of its friendships with one side are enough.",
        set: () => selection.set({ node: 8, cut: "" }),
        check: () => {
          const now = (probabilities[8] ?? 0) > 0.5;
          return {
            solved: now !== (before[8] ?? 0) > 0.5,
            says: `${cutOf(selection.state.cut).size} cut; member 9: ${now ? "the president's" : "the instructor's"} side.`,
          };
        },
      },
      {
        task: "Choose a member three friendships away from another. Can cutting an edge there change the prediction? Try it.",
        solution:
          "Hardly: two layers pass messages over two edges. An edge farther away can matter only through the degrees that scale messages.",
      },
    ],
    program: source,
  });
  let net: ClubNet | null = null;
  let probabilities = new Float32Array(34);
  let before = new Float32Array(34);
  let turn = 0;
  const show = async () => {
    const model = net;
    if (model === null) return;
    const mine = ++turn;
    const { node, keep } = selection.state;
    const edges = edgesNow();
    probabilities = Float32Array.from(await predict(model, edges));
    const far = hops(edges, node);
    const near = edges.filter(([u, v]) => Math.min(far[u] ?? 9, far[v] ?? 9) <= 1);
    const effects = await edgeEffects(model, edges, node, near);
    if (mine !== turn) return;
    const ranked = near.map((_, i) => i).toSorted((a, b) => (effects[b] ?? 0) - (effects[a] ?? 0));
    const shown = ranked.slice(0, keep).flatMap((i) => (near[i] === undefined ? [] : [near[i]]));
    const most = Math.max(1e-6, ...effects);
    const strengths = new Map<Pair, number>(
      ranked
        .slice(0, keep)
        .flatMap((i): [Pair, number][] =>
          near[i] === undefined ? [] : [[near[i], Math.max(0, effects[i] ?? 0) / most]],
        ),
    );
    map.show({ edges, probabilities, node, strength: (edge) => strengths.get(edge) ?? 0 });
    const real = await fallWithout(model, edges, node, shown);
    const rng = new Rng(5);
    const drawn = async (): Promise<number> => {
      const keys = near.map(() => rng.uniform([1], 0, 1).data[0] ?? 0);
      const order = near.map((_, i) => i).toSorted((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
      return fallWithout(
        model,
        edges,
        node,
        order.slice(0, keep).flatMap((i) => (near[i] === undefined ? [] : [near[i]])),
      );
    };
    const random: number[] = [];
    for (let i = 0; i < orders; i++) random.push(await drawn());
    const fakeOrder = near.toSorted((a, b) => b[0] + b[1] - a[0] - a[1]).slice(0, keep);
    const fake = await fallWithout(model, edges, node, fakeOrder);
    if (mine !== turn) return;
    const beats = (value: number) => random.filter((other) => value > other).length;
    markBadge(
      verdict,
      beats(real) === orders,
      `Widest edges: beats ${beats(real)} of ${orders} random choices`,
    );
    markBadge(control, beats(fake) === orders, `Control, largest numbers: ${beats(fake)} of ${orders}`);
    const byPoints = (fall: number) =>
      `${fall < 0 ? "rises" : "falls"} by ${short(Math.abs(100 * fall), 0)} points`;
    const mean = random.reduce((a, b) => a + b, 0) / orders;
    list.textContent = `Without the ${shown.length} widest, ${percent(Math.max(probabilities[node] ?? 0, 1 - (probabilities[node] ?? 0)))} ${byPoints(real)}; without as many random ones near by, it ${byPoints(mean)}.`;
    const right = Array.from(given.sides).filter(
      (side, i) => ((probabilities[i] ?? 0) > 0.5 ? 1 : 0) === side,
    ).length;
    const p = probabilities[node] ?? 0;
    if (page.guess.hidden)
      page.say(
        `Member ${node + 1}: `,
        html("b", {}, p > 0.5 ? "the president's side" : "the instructor's side"),
        ` (${percent(Math.max(p, 1 - p))}). ${right} of 34 are right.`,
      );
    page.hint(
      `Member ${node + 1} has ${edges.filter((edge) => edge.includes(node)).length} friends; ${edges.length} of 78 friendships are left`,
    );
    page.ready({ right, beats: beats(real), fake: beats(fake), edges: edges.length });
  };
  page.guess.addEventListener("guess", () => {
    map.element.classList.remove("covered");
    void show().catch(page.fails);
  });
  const run = async () => {
    const backend = await startBackend();
    page.busy(true);
    net = await train(given.edges, given.sides, 60);
    page.busy(false);
    before = Float32Array.from(await predict(net, given.edges));
    page.device(`298 weights, trained here on ${backend}`);
    selection.on(["node", "cut", "keep"], () => void show().catch(page.fails));
  };
  map.show({
    edges: edgesNow(),
    probabilities: new Float32Array(34).fill(0.5),
    node: selection.state.node,
    strength: () => 0,
  });
  run().catch(page.fails);
  return page.element;
}
