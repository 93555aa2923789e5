import { expect, test, vi } from "vitest";
import { arrows } from "./arrows.ts";
import { heatmap } from "./heatmap.ts";
import { mosaic } from "./mosaic.ts";
import { picture } from "./picture.ts";
import { pictures } from "./pictures.ts";
import { scatter } from "./scatter.ts";
import { scatter3d } from "./scatter3d.ts";
import { tokens } from "./tokens.ts";

/** What the button of a drawing saves. */
async function savedBy(drawing: HTMLElement, kind: string): Promise<Blob> {
  const files: Blob[] = [];
  const make = vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    files.push(blob as Blob);
    return "data:,";
  });
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  try {
    const buttons = Array.from(drawing.querySelectorAll("button"));
    buttons.find(({ textContent }) => textContent === kind)?.click();
    await expect.poll(() => files.length).toBe(1);
    return files[0] as Blob;
  } finally {
    make.mockRestore();
    click.mockRestore();
  }
}

test("points without finite coordinates are not drawn, and said", () => {
  const flat = scatter({ data: [NaN, NaN, 2, 3, 4, Infinity, 1, 1], shape: [4, 2] }, { title: "Points" });
  expect(flat.querySelectorAll("circle")).toHaveLength(2);
  expect(flat.textContent).toContain("4 points; 2 without finite coordinates, not drawn");
  const space = scatter3d({ data: [NaN, 0, 0, 1, 2, 3, 3, 2, 1], shape: [3, 3] }, { title: "Points" });
  expect(space.querySelectorAll("circle")).toHaveLength(2);
  expect(space.querySelector("circle")?.getAttribute("cx")).not.toBe("NaN");
  expect(space.textContent).toContain("3 points; 1 without finite coordinates, not drawn");
  expect(() => scatter({ data: [1, 2, 3], shape: [1, 3] }, { title: "Points" })).toThrow(
    "scatter: got points of 3 numbers, expected 2.",
  );
});

test("the PNG of several pictures has all of them", async () => {
  const drawing = pictures({ data: [0, 0, 0, 0, 1, 1, 1, 1], shape: [2, 2, 2, 1] }, { title: "Two" });
  const image = await createImageBitmap(await savedBy(drawing, "PNG"));
  expect([image.width, image.height]).toEqual([5, 2]);
});

test("the numbers of a large grid come in parts", async () => {
  const drawing = heatmap({ data: new Float32Array(65_536), shape: [256, 256] }, { title: "Large" });
  document.body.append(drawing);
  const details = drawing.querySelector("details");
  if (details !== null) details.open = true;
  await expect.poll(() => drawing.querySelectorAll("tbody tr").length).toBe(7);
  const more = Array.from(drawing.querySelectorAll("button")).find(({ textContent }) =>
    textContent?.startsWith("Show more rows: 7 of 256"),
  );
  more?.click();
  expect(drawing.querySelectorAll("tbody tr")).toHaveLength(14);
  expect(drawing.textContent).toContain("256 × 256 cells, as they are; all zero");
});

test("a photo has its numbers, and a mosaic of 150,000 cells a size", async () => {
  const photo = pictures(
    { data: new Float32Array(224 * 224 * 3), shape: [1, 224, 224, 3] },
    { title: "Photo" },
  );
  document.body.append(photo);
  const details = photo.querySelector("details");
  if (details !== null) details.open = true;
  await expect.poll(() => photo.querySelector("tbody")?.textContent).toBe("100");
  const cells = Array.from({ length: 150_000 }, () => ({ row: 0, column: 0 }));
  const drawn = mosaic({ data: new Float32Array(150_000), shape: [150_000, 1, 1, 1] }, cells, { title: "M" });
  expect(drawn.querySelector("canvas")?.width).toBe(1);
});

test("colors that are data stay in forced-colors mode and in print", () => {
  const text = tokens(["a"], { data: [1], shape: [1] }, { title: "Text" });
  const token = text.querySelector<HTMLElement>("[role=option]");
  expect(token?.style.getPropertyValue("forced-color-adjust")).toBe("none");
  expect(token?.style.getPropertyValue("print-color-adjust")).toBe("exact");
});

test("a picture of one row can be seen", () => {
  const row = picture({ data: new Float32Array(10_000), shape: [1, 10_000, 1] }, { title: "Row" });
  document.body.append(row);
  expect(row.querySelector("canvas")?.clientHeight).toBe(12);
});

test("an SVG with control characters in its title is still XML", async () => {
  const drawing = scatter({ data: [0, 1], shape: [1, 2] }, { title: "a\u0001b" });
  const text = await (await savedBy(drawing, "SVG")).text();
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
});

test("arrows begin at their positions; those without a length are not drawn", () => {
  const positions = { data: [0, 0, 1, 1, 2, 0], shape: [3, 2] };
  const drawing = arrows(
    positions,
    { data: [1, 0, 0, 0, NaN, 1], shape: [3, 2] },
    { title: "Field", points: { data: [0, 1], shape: [1, 2] } },
  );
  expect(drawing.querySelectorAll("path")).toHaveLength(1);
  expect(drawing.querySelectorAll("circle")).toHaveLength(1);
  expect(drawing.querySelector("path")?.getAttribute("d")).toMatch(/^M56\.0 220\.0L78\.0 220\.0M/u);
  expect(() => arrows(positions, { data: [1, 0], shape: [1, 2] }, { title: "Field" })).toThrow(
    "arrows: got 1 vectors at 3 positions, expected one at each.",
  );
});
