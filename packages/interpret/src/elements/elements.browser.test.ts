import "@tensorflow/tfjs-backend-cpu";
import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test, vi } from "vitest";
import { histogram } from "../inside/histogram.ts";
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
    "pellucid-scatter3d": { data: [0, 0, 0, 1, 2, 3], shape: [2, 3] },
    "pellucid-matrix": line,
    "pellucid-graph": tiny,
  } as const;
  for (const [name, data] of Object.entries(shown)) {
    const element = document.createElement(name) as HTMLElement & { data: unknown; drawn: Promise<void> };
    element.setAttribute("label", `A ${name}`);
    element.data = data;
    document.body.append(element);
    await element.drawn;
    expect(element.shadowRoot?.querySelector("figcaption")?.textContent).toBe(`A ${name}`);
    expect(element.shadowRoot?.querySelector("canvas, svg, table")).not.toBeNull();
  }
  const element = document.createElement("pellucid-heatmap");
  document.body.append(element);
  element.data = { data: [1, 2], shape: [2] };
  await element.drawn;
  expect(element.shadowRoot?.textContent).toContain(
    "heatmap: got 2 numbers of shape [2], expected [height, width].",
  );
});

const tiny = {
  nodes: [
    { path: "input", role: "input", kind: "Input", shape: [1, 2], parameters: 0 },
    { path: "fc", role: "layer", kind: "Linear", shape: [1, 3], parameters: 9 },
  ],
  edges: [[0, 1]],
} as const;

test("points in space turn with the arrow keys, and their numbers stay", async () => {
  const element = document.createElement("pellucid-scatter3d");
  document.body.append(element);
  element.data = { data: [1, 0, 0, -1, 0, 0, 0, 0, 1], shape: [3, 3] };
  element.options = { classes: [4, 5, 6], turn: 0, tilt: 0 };
  await element.drawn;
  const picture = element.shadowRoot?.querySelector("svg");
  const positionOf = (mark: string) =>
    Array.from(picture?.querySelectorAll("text") ?? [])
      .find(({ textContent }) => textContent === mark)
      ?.getAttribute("x");
  const before = [positionOf("4"), positionOf("5"), positionOf("6")].map(Number);
  expect(before[0]).toBeGreaterThan(before[1] as number);
  for (let i = 0; i < 18; i++) picture?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
  const after = [positionOf("4"), positionOf("5")].map(Number);
  expect(after[0]).toBeLessThan(after[1] as number);
  expect(element.shadowRoot?.querySelector("output")?.textContent).toBe("turned 180°, seen from 0° above");
});

test("a graph tells each layer by Tab, and in its table what feeds it", async () => {
  const element = document.createElement("pellucid-graph");
  document.body.append(element);
  element.data = tiny;
  await element.drawn;
  const boxes = Array.from(element.shadowRoot?.querySelectorAll("g[tabindex]") ?? []);
  expect(boxes.map((box) => box.getAttribute("aria-label"))).toEqual([
    "input, Input → 1 × 2",
    "fc, Linear → 1 × 3, 9 parameters",
  ]);
  const details = element.shadowRoot?.querySelector("details");
  if (details !== null && details !== undefined) details.open = true;
  await expect
    .poll(() => element.shadowRoot?.querySelector("tbody")?.textContent)
    .toContain("fcLinear1 × 39input");
});

/** What pressing a button of a drawing saves. */
async function saved(
  element: Element,
  kind: string,
): Promise<{ readonly name: string; readonly blob: Blob }> {
  const files: Blob[] = [];
  const names: string[] = [];
  const make = vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    files.push(blob as Blob);
    return "data:,";
  });
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    names.push(this.download);
  });
  try {
    const buttons = Array.from(element.shadowRoot?.querySelectorAll("button") ?? []);
    buttons.find(({ textContent }) => textContent === kind)?.click();
    await expect.poll(() => names.length).toBe(1);
    return { name: names[0] as string, blob: files[0] as Blob };
  } finally {
    make.mockRestore();
    click.mockRestore();
  }
}

test("drawings are saved as PNG, SVG and JSON", async () => {
  const map = document.createElement("pellucid-heatmap");
  map.setAttribute("label", "A map");
  const points = document.createElement("pellucid-scatter");
  points.setAttribute("label", "Two points");
  document.body.append(map, points);
  map.data = { data: Float32Array.of(0, 1, 2, 3), shape: [2, 2] };
  points.data = { data: [0, 1, 2, 3], shape: [2, 2] };
  await Promise.all([map.drawn, points.drawn]);
  const png = await saved(map, "PNG");
  expect(png.name).toBe("A-map.png");
  expect(Array.from(new Uint8Array(await png.blob.slice(0, 4).arrayBuffer()))).toEqual([
    0x89, 0x50, 0x4e, 0x47,
  ]);
  const picture = await createImageBitmap(png.blob);
  expect([picture.width, picture.height]).toEqual([2, 2]);
  const json = await saved(map, "JSON");
  expect(JSON.parse(await json.blob.text())).toMatchObject({
    data: [0, 1, 2, 3],
    shape: [2, 2],
    scale: { low: 0, high: 3 },
  });
  const svg = await saved(points, "SVG");
  expect(svg.name).toBe("Two-points.svg");
  const parsed = new DOMParser().parseFromString(await svg.blob.text(), "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  expect(parsed.querySelectorAll("circle")).toHaveLength(2);
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
