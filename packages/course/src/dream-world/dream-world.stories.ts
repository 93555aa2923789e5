import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, fireEvent, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { dreamWorldPage } from "./dream-world.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "10 Generating/Play inside a network", render: () => dreamWorldPage(source) };
export default meta;

/** Can you play inside a network? */
export const Lesson: StoryObj = {
  name: "Play inside a network",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    const fact = (name: string) => Number(facts()[name]);
    await waitFor(() => expect(fact("dreamed")).toBeGreaterThan(fact("copied") + 8), { timeout: 60_000 });
    await expect(fact("obeys")).toBeGreaterThanOrEqual(0.75);
    await expect(fact("deafObeys")).toBeLessThan(0.5);
    await fireEvent.keyDown(document.body, { key: "ArrowLeft" });
    await fireEvent.keyUp(document.body, { key: "ArrowLeft" });
    await waitFor(() => expect(facts()["frames"]).toBe(1), { timeout: 15_000 });
    await expect(canvasElement.querySelector(".hint")?.textContent).toContain("left");
    const play = canvasElement.querySelector<HTMLElement>(".dream-stage .pill");
    play?.click();
    await waitFor(() => expect(fact("frames")).toBeGreaterThan(8), { timeout: 30_000 });
    play?.click();
    const at = fact("frames");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await expect(fact("frames")).toBeLessThanOrEqual(at + 1);
    await expect(leaked()).toBe(0);
  }),
};
