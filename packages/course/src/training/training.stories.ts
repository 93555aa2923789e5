import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import source from "./program.ts?raw";
import { training } from "./training.ts";

const meta: Meta = { title: "1 Training/Training under the microscope", render: () => training(source) };
export default meta;

/** What happens in one step of training? */
export const Lesson: StoryObj = {
  name: "Training under the microscope",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["steps"]).toBe(1);
    const [play, one] = Array.from(canvasElement.querySelectorAll<HTMLElement>(".controls button"));
    one?.click();
    await waitFor(() => expect(facts()["steps"]).toBe(2), { timeout: 20_000 });
    play?.click();
    await waitFor(() => expect(Number(facts()["steps"])).toBeGreaterThan(250), { timeout: 120_000 });
    play?.click();
    await expect(Number(facts()["tested"])).toBeGreaterThan(0.9);
    await expect(Number(facts()["shuffled"])).toBeLessThan(0.8);
    await waitFor(() => expect(play?.textContent).toBe("▶ Train"));
    await waitFor(() => expect(leaked()).toBe(0), { timeout: 20_000 });
  }),
};
