import "@tensorflow/tfjs-backend-cpu";
import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { histogram } from "../histogram.ts";
import "./index.ts";

beforeAll(async () => {
  await setBackend("cpu");
});

test("a heat map paints each number's color and reads it out, cell by cell", async () => {
  const element = document.createElement("pellucid-heatmap");
  element.setAttribute("label", "Four numbers");
  document.body.append(element);
  const values = tensor2d([
    [0, 1],
    [-2, 2],
  ]);
  element.data = values;
  await element.drawn;
  const canvas = element.shadowRoot?.querySelector("canvas");
  const pixels = canvas?.getContext("2d")?.getImageData(0, 0, 2, 2).data ?? [];
  expect(Array.from(pixels.slice(0, 3), (value) => value > 230)).toEqual([true, true, true]);
  expect(pixels[8]).toBeLessThan(pixels[10] as number); // −2 is blue
  expect(pixels[12]).toBeGreaterThan(pixels[14] as number); // 2 is red
  canvas?.focus();
  canvas?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
  expect(element.shadowRoot?.querySelector("output")?.textContent).toBe("row 2, column 1 = −2");
  values.dispose();
});

test("every element draws its data under its title, and shows what it cannot draw", async () => {
  const line = { data: [0, 1, 2, 3], shape: [2, 2] };
  const shown = {
    "pellucid-overlay": { image: { data: [0, 1, 0, 1], shape: [2, 2, 1] }, map: line },
    "pellucid-image-grid": { data: new Float32Array(24), shape: [6, 2, 2] },
    "pellucid-histogram": histogram([1, 2, 2, 3]),
    "pellucid-curves": { loss: [3, 2, NaN, 1], accuracy: [0, 0.5] },
    "pellucid-scatter": line,
  } as const;
  for (const [name, data] of Object.entries(shown)) {
    const element = document.createElement(name) as HTMLElement & { data: unknown; drawn: Promise<void> };
    element.setAttribute("label", `A ${name}`);
    element.data = data;
    document.body.append(element);
    await element.drawn;
    expect(element.shadowRoot?.querySelector("figcaption")?.textContent).toBe(`A ${name}`);
    expect(element.shadowRoot?.querySelector("canvas, svg")).not.toBeNull();
  }
  const element = document.createElement("pellucid-heatmap");
  document.body.append(element);
  element.data = { data: [1, 2], shape: [2] };
  await element.drawn;
  expect(element.shadowRoot?.textContent).toContain(
    "heatmap: got 2 numbers of shape [2], expected [height, width].",
  );
});

test("the newest data wins, and the numbers are there as a table", async () => {
  const element = document.createElement("pellucid-heatmap");
  document.body.append(element);
  element.data = { data: [1], shape: [1, 1] };
  element.data = { data: [5, 6], shape: [1, 2] };
  await element.drawn;
  const details = element.shadowRoot?.querySelector("details");
  if (details !== null && details !== undefined) details.open = true;
  await expect.poll(() => element.shadowRoot?.querySelector("tbody")?.textContent).toBe("156");
});

test("a text has a color behind each token, and says them one by one", async () => {
  const element = document.createElement("pellucid-tokens");
  element.setAttribute("label", "A text");
  document.body.append(element);
  element.data = { texts: ["to", " ", "be"], numbers: { data: [2, 0, -1], shape: [3] } };
  await element.drawn;
  const options = [...(element.shadowRoot?.querySelectorAll("[role=option]") ?? [])] as HTMLElement[];
  expect(options.map((option) => option.textContent)).toEqual(["to", "␣", "be"]);
  const channels = options.map(({ style }) => style.backgroundColor.match(/\d+/g)?.map(Number) ?? []) as [
    number,
    number,
    number,
  ][];
  expect(channels[0]?.[0]).toBeGreaterThan(channels[0]?.[2] as number); // 2 is red
  expect(channels[2]?.[0]).toBeLessThan(channels[2]?.[2] as number); // −1 is blue
  const list = element.shadowRoot?.querySelector<HTMLElement>("[role=listbox]");
  list?.focus();
  list?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
  expect(element.shadowRoot?.querySelector("output")?.textContent).toBe("token 2, “␣” = 0");
});
