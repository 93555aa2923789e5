import { expect, test } from "vitest";
import { PellucidBoxEditor } from "./box-editor.ts";
import { PellucidCompare } from "./compare.ts";
import { PellucidFilmStrip } from "./film-strip.ts";
import { PellucidLatentPad } from "./latent-pad.ts";
import { PellucidPosterior } from "./posterior.ts";
import { PellucidTokenStrip } from "./token-strip.ts";

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
  return { element, fired, all };
}

const key = (element: Element | undefined, name: string, shiftKey = false) =>
  element?.dispatchEvent(
    new KeyboardEvent("keydown", { key: name, shiftKey, bubbles: true, cancelable: true }),
  );

test("tokens are chosen by press and key, colored by value, and arcs go to what one attends to", () => {
  const { element: strip, fired, all } = shown(new PellucidTokenStrip(), "change");
  strip.tokens = ["a", " ", "b"];
  strip.values = [1, 0, -1];
  expect(all(".list button").map(({ textContent }) => textContent)).toEqual(["a", "␣", "b"]);
  const [first, , third] = all(".list button");
  expect(first?.style.backgroundImage).toContain("--plus");
  expect(third?.style.backgroundImage).toContain("--minus");
  strip.lines = (i) => (i === 2 ? [0.5, 0, 0.5] : [1, 0, 0]);
  third?.click();
  expect([strip.value, fired.length]).toEqual([2, 1]);
  expect(all("path")).toHaveLength(2);
  key(third, "ArrowLeft");
  expect(strip.value).toBe(1);
  expect(all("path")).toHaveLength(1);
});

test("a comparison is moved by its slider and keeps within its ends", () => {
  const { element: compare, fired, all } = shown(new PellucidCompare(), "input");
  const [slider] = all("input") as HTMLInputElement[];
  if (slider !== undefined) slider.value = "0.25";
  slider?.dispatchEvent(new Event("input", { bubbles: true }));
  expect([compare.at, fired.length]).toEqual([0.25, 1]);
  compare.at = 7;
  expect(compare.at).toBe(1);
});

test("a box is moved and resized with keys, and stays on its plane", () => {
  const { element: editor, fired, all } = shown(new PellucidBoxEditor(), "change");
  editor.plane = [100, 60];
  editor.boxes = [{ corners: [10, 10, 30, 30], name: "one" }];
  key(all(".box")[0], "ArrowRight");
  expect(fired).toEqual([["change", { index: 0, corners: [14, 10, 34, 30] }]]);
  key(all(".box")[0], "ArrowDown", true);
  expect(editor.boxes[0]?.corners).toEqual([14, 10, 34, 34]);
  for (let i = 0; i < 30; i++) key(all(".box")[0], "ArrowDown");
  expect(editor.boxes[0]?.corners).toEqual([14, 36, 34, 60]);
  expect(all(".box")[0]?.getAttribute("aria-label")).toBe("one: from 14, 36 to 34, 60");
});

test("a point on a plane of codes is moved with keys within its reach", () => {
  const { element: pad, fired, all } = shown(new PellucidLatentPad(), "input");
  pad.reach = 3;
  pad.tiles = Array.from({ length: 4 }, () => [0, 1, 1, 0]);
  expect(all("canvas")).toHaveLength(4);
  key(all(".pad")[0], "ArrowRight");
  expect(pad.at[0]).toBeCloseTo(0.2, 6);
  for (let i = 0; i < 40; i++) key(all(".pad")[0], "ArrowUp");
  expect(pad.at[1]).toBe(3);
  expect(fired).toHaveLength(41);
});

test("frames are chosen by press and key", () => {
  const { element: strip, fired, all } = shown(new PellucidFilmStrip(), "change");
  strip.frames = ["σ 1", "σ 0"].map((note) => ({ note, values: [0, 1], height: 1, width: 2 }));
  expect(all("small").map(({ textContent }) => textContent)).toEqual(["σ 1", "σ 0"]);
  all("button")[1]?.click();
  key(all("button")[1], "ArrowLeft");
  expect([strip.value, fired.length]).toEqual([0, 2]);
});

test("measurements are added by a press, moved and deleted with keys", () => {
  const made = new PellucidPosterior();
  made.style.width = "440px";
  const { element: plot, fired, all } = shown(made, "change");
  plot.ranges = { x: [0, 10], y: [-1, 1] };
  plot.points = [
    [1, 0],
    [2, 0.5],
  ];
  plot.curve = { x: [0, 10], mean: [0, 0], std: [0.1, 0.5], samples: [[0, 0.2]] };
  expect([all(".band").length, all(".sample").length, all(".point").length]).toEqual([1, 1, 2]);
  key(all(".point")[0], "ArrowRight");
  expect(plot.points[0]).toEqual([1.2, 0]);
  const box = all("svg")[0]?.getBoundingClientRect() ?? new DOMRect();
  all("svg")[0]?.dispatchEvent(
    new PointerEvent("pointerdown", {
      clientX: box.left + box.width / 2,
      clientY: box.top + box.height / 4,
      bubbles: true,
    }),
  );
  expect(plot.points[2]?.[0]).toBeCloseTo(5, 1);
  expect(plot.points[2]?.[1]).toBeCloseTo(0.5, 1);
  key(all(".point")[1], "Delete");
  expect(plot.points).toHaveLength(2);
  key(all(".point")[1], "Delete"); // two stay
  expect(plot.points).toHaveLength(2);
  expect(fired).toHaveLength(3);
});
