import { expect, test } from "vitest";
import { PellucidBars } from "./bars.ts";
import { PellucidCalculation } from "./calculation.ts";
import { PellucidClassPicker } from "./class-picker.ts";
import { PellucidDrawPad } from "./draw-pad.ts";
import { PellucidGuess } from "./guess.ts";
import { PellucidLayerFlow } from "./layer-flow.ts";
import { PellucidMethodStrip } from "./method-strip.ts";
import { PellucidPicker } from "./picker.ts";
import { PellucidPlayer } from "./player.ts";

/** Shows an element, and lists the events that it fires. */
function shown<E extends HTMLElement>(element: E, ...names: string[]) {
  document.body.replaceChildren(element);
  const fired: [string, unknown][] = [];
  for (const name of names)
    element.addEventListener(name, (event) =>
      fired.push([name, event instanceof CustomEvent ? event.detail : null]),
    );
  const all = (selector: string) =>
    Array.from(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? []);
  return { element, fired, all, one: (selector: string) => all(selector)[0] as HTMLElement };
}

const key = (element: Element | undefined, name: string) =>
  element?.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));

const alphas = (canvas: Element | undefined): number[] => {
  if (!(canvas instanceof HTMLCanvasElement)) return [];
  const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  return Array.from(data).filter((_, i) => i % 4 === 3);
};

test("a pad is drawn on by keys, undone, cleared and centered, and paints what it has", () => {
  const { element: pad, fired, one } = shown(new PellucidDrawPad(), "input", "change");
  const canvas = one("canvas");
  key(canvas, " ");
  key(canvas, "ArrowDown");
  key(canvas, " ");
  expect(pad.pixels[15 * 28 + 14]).toBe(1);
  expect(alphas(canvas)[15 * 28 + 14]).toBe(255);
  expect(fired.map(([name]) => name)).toEqual(["input", "input", "change"]);
  pad.center();
  const mean =
    pad.pixels.reduce((sum, v, i) => sum + v * Math.floor(i / 28), 0) / pad.pixels.reduce((a, b) => a + b);
  expect(Math.abs(mean - 13.5)).toBeLessThan(0.51);
  pad.clear();
  expect(Math.max(...pad.pixels)).toBe(0);
  pad.undo();
  pad.undo();
  expect(pad.pixels[15 * 28 + 14]).toBe(1);
  pad.undo();
  expect(Math.max(...pad.pixels)).toBe(0);
  expect(pad.canUndo).toBe(false);
  expect(() => (pad.pixels = [1, 2])).toThrow("pellucid-draw-pad: got 2 pixels, expected 28 × 28.");
});

test("a pad is drawn on by a pointer, in its own number of pixels, and erased with Shift", () => {
  const made = new PellucidDrawPad();
  made.setAttribute("size", "8");
  made.style.width = "160px";
  const { element: pad, one } = shown(made);
  const canvas = one("canvas");
  canvas.setPointerCapture = () => {};
  const box = canvas.getBoundingClientRect();
  const send = (name: string, x: number, y: number, shiftKey = false) =>
    canvas.dispatchEvent(
      new PointerEvent(name, {
        clientX: box.left + x * 20,
        clientY: box.top + y * 20,
        pointerId: 1,
        shiftKey,
        bubbles: true,
      }),
    );
  send("pointerdown", 1.5, 1.5);
  send("pointermove", 6.5, 1.5);
  send("pointerup", 6.5, 1.5);
  const row = Array.from(pad.pixels.slice(8, 16));
  expect(row.slice(1, 7).every((v) => v > 0.5)).toBe(true);
  send("pointerdown", 3.5, 1.5, true);
  send("pointerup", 3.5, 1.5, true);
  expect(pad.pixels[11]).toBeLessThan(0.5);
});

test("bars show probabilities, tell the best, and one is chosen by press or key", () => {
  const { element: bars, fired, all } = shown(new PellucidBars(), "change");
  bars.names = ["cat", "dog", "owl"];
  bars.values = [0.2, 0.7999, 0.0001];
  expect(all(".number").map(({ textContent }) => textContent)).toEqual(["20.0%", "80.0%", "< 0.1%"]);
  expect(bars.rows.map((row) => row.classList.contains("best"))).toEqual([false, true, false]);
  bars.rows[2]?.click();
  expect(bars.value).toBe(2);
  expect(fired).toHaveLength(1);
  expect(bars.rows.map((row) => row.getAttribute("aria-pressed"))).toEqual(["false", "false", "true"]);
  bars.rows[0]?.focus();
  key(bars.rows[0], "ArrowUp");
  expect(bars.shadowRoot?.activeElement).toBe(bars.rows[2]);
});

test("a flow paints its maps, gives the number under the pointer, and is walked with arrow keys", async () => {
  const flow = new PellucidLayerFlow();
  flow.style.width = "1200px";
  const { fired, all } = shown(flow, "pick");
  const layer = {
    name: "A",
    does: "does",
    height: 2,
    width: 2,
    maps: 2,
    columns: 1,
    side: 40,
    reads: "all",
  } as const;
  flow.layers = [
    { ...layer, values: [1, 0, 0, -1, 0, 0, 0, 0.5] },
    { ...layer, name: "B", values: new Float32Array(8) },
  ];
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const maps = all(".map");
  expect(alphas(maps[0]?.firstElementChild ?? undefined)).toEqual([255, 0, 0, 0]);
  expect(alphas(maps[1]?.firstElementChild ?? undefined)).toEqual([0, 255, 0, 128]);
  const box = maps[1]?.getBoundingClientRect() ?? new DOMRect();
  maps[1]?.dispatchEvent(
    new PointerEvent("click", { clientX: box.right - 4, clientY: box.top + 4, detail: 1, bubbles: true }),
  );
  expect(fired[0]).toEqual(["pick", { layer: 0, unit: 1, row: 0, column: 1 }]);
  maps[0]?.focus();
  key(maps[0], "ArrowRight");
  expect(fired[1]?.[1]).toMatchObject({ layer: 1, unit: 0 });
  flow.lines = [{ from: [0, 0], to: [1, 1], part: -2 }];
  expect(all(".edges .minus")).toHaveLength(1);
  flow.show({ layer: 1, unit: 1, row: 0, column: 0 }, [undefined, { row: 0, column: 0, side: 2 }]);
  expect(all(".box.on")).toHaveLength(3);
});

test("a calculation adds up product by product to its result", () => {
  const { element: calculation, fired, all, one } = shown(new PellucidCalculation(), "pick");
  const map = { values: [1, 2, 3, 4], height: 2, width: 2, caption: "Input" };
  calculation.data = {
    title: "How 11 is computed",
    explained: {
      kind: "sum",
      parts: [{ from: 0, window: Float32Array.of(1, 2, 3, 4), kernel: Float32Array.of(1, 1, 1, 1), sum: 10 }],
      bias: 1,
      result: 11,
    },
    source: () => map,
    target: { ...map, caption: "Output", square: { row: 0, column: 0, side: 1 } },
  };
  expect(one(".sum").textContent).toBe("sum of products 10.00 + bias +1.00 = 11.00");
  const player = one("pellucid-player") as PellucidPlayer;
  player.shadowRoot?.querySelector<HTMLElement>("[aria-label='One step back']")?.click();
  expect(one(".sum").textContent).toBe("3 of 4 products 6.00 + bias +1.00 = 7.00 …");
  key(all("canvas")[1], "ArrowRight");
  expect(fired).toEqual([["pick", { row: 0, column: 1 }]]);
});

test("a strip has one cursor for all maps, and a badge that says who beats every random order", () => {
  const { element: strip, fired, all } = shown(new PellucidMethodStrip(), "cursor");
  const method = (title: string, beats: number) => ({
    title,
    asks: "?",
    map: [0, 0.5, -1, 0],
    curve: [1, 0.5, 0],
    beats,
  });
  strip.data = {
    ink: [0, 1, 1, 0],
    height: 2,
    width: 2,
    random: [1, 1, 0],
    orders: 19,
    methods: [method("One", 19), { ...method("Fake", 3), control: true }],
  };
  expect(all(".badge").map(({ textContent, className }) => [textContent, className])).toEqual([
    ["Passes: 19 of 19", "badge passed"],
    ["Fails: 3 of 19", "badge failed"],
  ]);
  strip.cursor = { row: 1, column: 0 };
  expect(all(".value").map(({ textContent }) => textContent)).toEqual(
    Array(2).fill("row 2, column 1: −1.00"),
  );
  key(all("canvas[tabindex]")[0], "ArrowUp");
  expect(fired).toEqual([["cursor", { row: 0, column: 0 }]]);
});

test("a player steps, scrubs and ends after its last step", async () => {
  const { element: player, fired, all, one } = shown(new PellucidPlayer(), "step");
  player.steps = 3;
  player.rate = 50;
  player.play();
  await expect.poll(() => player.playing).toBe(false);
  expect(fired).toEqual([
    ["step", 1],
    ["step", 2],
  ]);
  all("button")[1]?.click();
  expect(player.at).toBe(1);
  expect(one("output").textContent).toBe("step 2 of 3");
});

test("thumbnails, classes and guesses are chosen", () => {
  const { element: picker, fired, all } = shown(new PellucidPicker(), "change");
  picker.items = ["a", "b"].map((name) => ({ name, values: [0, 1], height: 1, width: 2 }));
  key(all("button")[0], "ArrowRight");
  expect(picker.value).toBe(0); // nothing had the focus
  all("button")[1]?.click();
  expect([picker.value, fired.length]).toEqual([1, 2]);
  const chosen = shown(new PellucidClassPicker(), "change");
  chosen.element.names = ["0", "1"];
  chosen.element.value = 1;
  const [, not] = chosen.all("select") as HTMLSelectElement[];
  if (not !== undefined) not.value = "0";
  not?.dispatchEvent(new Event("change"));
  expect([chosen.element.value, chosen.element.rival]).toEqual([1, 0]);
  const guess = shown(new PellucidGuess(), "guess");
  guess.element.ask("Which?", ["left", "right"]);
  guess.all("button")[1]?.click();
  expect(guess.fired).toEqual([["guess", 1]]);
  expect(guess.element.judge(true)).toBe("Right (1 of 1)");
});

test("what was set before a part was known is taken over", () => {
  class Late extends PellucidBars {}
  const element = document.createElement("late-bars");
  Object.assign(element, { names: ["x"], values: [1] });
  document.body.replaceChildren(element);
  customElements.define("late-bars", Late);
  expect(element.shadowRoot?.querySelector(".number")?.textContent).toBe("> 99.9%");
});
