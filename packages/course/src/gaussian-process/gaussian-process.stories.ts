import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { gaussianProcess } from "./gaussian-process.ts";
import source from "./program.ts?raw";

const meta: Meta = {
  title: "11 Uncertainty/A Gaussian process to drag",
  render: () => gaussianProcess(source),
};
export default meta;

/** Where is it least sure? */
export const Lesson: StoryObj = {
  name: "A Gaussian process to drag",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(Number(facts()["inside"])).toBeGreaterThanOrEqual(6);
    await expect(Number(facts()["constantBand"])).toBeLessThan(5);
    const plot = canvasElement.querySelector("pellucid-posterior")?.shadowRoot;
    const point = plot?.querySelector<SVGElement>(".point");
    const label = () => plot?.querySelector(".point")?.getAttribute("aria-label") ?? "";
    const before = label();
    point?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true, cancelable: true }));
    await waitFor(() => expect(label()).not.toBe(before));
    const pills = Array.from(canvasElement.querySelectorAll<HTMLElement>(".gp-stage .pill"));
    pills.at(-1)?.click();
    await waitFor(() => expect(facts()["many"]).toBe(8));
    await expect(leaked()).toBe(0);
  }),
};
