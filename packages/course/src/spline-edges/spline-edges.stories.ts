import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import source from "./program.ts?raw";
import { splineEdges } from "./spline-edges.ts";

const meta: Meta = { title: "13 Other networks/Curves on edges", render: () => splineEdges(source) };
export default meta;

/** Which formula is on the edges? */
export const Lesson: StoryObj = {
  name: "Curves on edges",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(Number(facts()["inside"])).toBeGreaterThan(0.999);
    await expect(Number(facts()["straight"])).toBeLessThan(0.99);
    const press = (name: string) =>
      Array.from(canvasElement.querySelectorAll<HTMLElement>(".edge-stage .pill"))
        .find((pill) => pill.querySelector("b")?.textContent === name)
        ?.click();
    const edge = (i: number) =>
      canvasElement.querySelectorAll(".edge-map .edge")[i]?.dispatchEvent(new MouseEvent("click"));
    for (const [i, name] of ["sin", "x^2", "exp"].entries()) {
      edge(i);
      await waitFor(() =>
        expect(canvasElement.querySelector("h2")?.textContent).toContain(["x", "y", "sum"][i]),
      );
      press(name);
      await waitFor(() => expect(facts()["locked"]).toBe(i + 1), { timeout: 20_000 });
    }
    await expect(Number(facts()["outside"])).toBeGreaterThan(0.999);
    await expect(String(facts()["formula"])).toContain("Math.sin");
    await expect(leaked()).toBe(0);
  }),
};
