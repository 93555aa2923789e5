import { expect, test } from "vitest";
import { heatmap } from "./heatmap.ts";
import { type LinkedCell, linkDrawings } from "./link-drawings.ts";
import { overlay } from "./overlay.ts";
import { picture } from "./picture.ts";
import { tokens } from "./tokens.ts";

const zeros = (...shape: number[]) => ({ data: new Float32Array(shape.reduce((a, b) => a * b)), shape });

/** Where the frame over a drawing is; null where there is none. */
function markOf(drawing: HTMLElement): string | null {
  const mark = Array.from(drawing.querySelectorAll("div")).find((div) => div.style.outline !== "");
  if (mark === undefined || mark.style.display === "none") return null;
  const { left, top, width, height } = mark.style;
  return [left, top, width, height].join(" ");
}

const key = (drawing: HTMLElement, name: string) => {
  const canvas = drawing.querySelector("canvas");
  canvas?.focus();
  canvas?.dispatchEvent(new KeyboardEvent("keydown", { key: name }));
};

test("a cell that is selected in one drawing is marked in those of the same square, and in no other", () => {
  const fine = picture(zeros(8, 8, 1), { title: "Picture" });
  const coarse = overlay(zeros(8, 8, 1), zeros(4, 4), { title: "Map" });
  const twin = heatmap(zeros(8, 8), { title: "Twin" });
  const other = heatmap(zeros(3, 5), { title: "Other" });
  const root = document.createElement("div");
  root.append(fine, coarse, twin, other);
  document.body.append(root);
  const heard: (LinkedCell | null)[] = [];
  const { select, unlink } = linkDrawings(root, (cell) => heard.push(cell));
  key(twin, "ArrowRight");
  key(twin, "ArrowRight");
  key(twin, "ArrowDown");
  expect(heard.at(-1)).toEqual({ drawing: 2, row: 1, column: 2 });
  expect(markOf(fine)).toBe("25% 12.5% 12.5% 12.5%");
  expect(markOf(coarse)).toBe("25% 0% 25% 25%");
  expect(markOf(other)).toBe(null);
  key(coarse, "ArrowDown");
  expect(markOf(fine)).toBe("25% 25% 25% 25%"); // below the cell that was marked: the pixels that it is over
  coarse.querySelector("canvas")?.blur();
  expect(heard.at(-1)).toBe(null);
  expect([fine, coarse, twin, other].map(markOf)).toEqual([null, null, null, null]);
  select({ drawing: 2, row: 7, column: 7 });
  expect(markOf(coarse)).toBe("75% 75% 25% 25%");
  expect(twin.textContent).toContain("row 8, column 8 = 0");
  select({ drawing: 2, row: 8, column: 0 }); // has no such row
  expect(markOf(coarse)).toBe("75% 75% 25% 25%");
  unlink();
  const before = heard.length;
  key(twin, "ArrowLeft");
  expect(heard).toHaveLength(before);
  root.remove();
  expect(() => linkDrawings(null as unknown as HTMLElement)).toThrow(
    "linkDrawings: root is null, expected an element with drawings in it.",
  );
});

test("tokens are linked with tokens, and a pointer marks a pixel of a picture", () => {
  const text = (title: string) => tokens(["a", "b", "c"], zeros(3), { title });
  const [first, second] = [text("First"), text("Second")];
  const photo = picture(zeros(2, 2, 3), { title: "Photo" });
  const root = document.createElement("div");
  root.append(first, second, photo);
  document.body.append(root);
  linkDrawings(root);
  const row = first.querySelector<HTMLElement>("[role=listbox]");
  row?.focus();
  row?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
  expect(second.querySelector("[aria-selected=true]")?.textContent).toBe("b");
  const canvas = photo.querySelector("canvas");
  const box = canvas?.getBoundingClientRect();
  canvas?.dispatchEvent(
    new PointerEvent("pointermove", { clientX: (box?.right ?? 0) - 2, clientY: (box?.top ?? 0) + 2 }),
  );
  expect(markOf(photo)).toBe("50% 0% 50% 50%");
  root.remove();
});
