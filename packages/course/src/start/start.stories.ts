import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import source from "./program.ts?raw";
import { start } from "./start.ts";

const meta: Meta = { title: "Start/Draw a digit", render: () => start(source) };
export default meta;

/** Draw a digit. See every number behind the answer. */
export const Lesson: StoryObj = {
  name: "Draw a digit",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["predicted"]).toBe(3);
    const pad = canvasElement.querySelector("pellucid-draw-pad")?.shadowRoot?.querySelector("canvas");
    const press = (key: string, times = 1) => {
      for (let i = 0; i < times; i++)
        pad?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    };
    canvasElement.querySelector<HTMLElement>(".pad-tools button")?.click();
    press("ArrowUp", 8);
    press(" ");
    press("ArrowDown", 17);
    press(" ");
    await waitFor(() => expect(facts()["predicted"]).toBe(1), { timeout: 20_000 });
    await expect(canvasElement.querySelector(".answer")?.textContent).toContain("Prediction: 1");
    await expect(leaked()).toBe(0);
  }),
};
