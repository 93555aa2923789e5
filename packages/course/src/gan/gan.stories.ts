import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { ganPage } from "./gan.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "10 Generating/A forger and a judge", render: () => ganPage(source) };
export default meta;

/** Can two networks teach each other? */
export const Lesson: StoryObj = {
  name: "A forger and a judge",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    const fact = (name: string) => Number(facts()[name]);
    await expect(fact("steps")).toBe(200);
    await waitFor(() => expect(facts()["tested"]).toBe(8), { timeout: 90_000 });
    await expect(fact("testedShare")).toBeGreaterThan(0.6);
    await expect(fact("frozenCovered")).toBeLessThan(6);
    const train = canvasElement.querySelector<HTMLElement>(".gan-stage .pill");
    train?.click();
    await waitFor(() => expect(fact("steps")).toBeGreaterThan(200), { timeout: 30_000 });
    train?.click();
    await waitFor(() => expect(train?.textContent).toContain("Train"));
    const at = fact("steps");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await expect(fact("steps")).toBeLessThanOrEqual(at + 20);
    await expect(leaked()).toBe(0);
  }),
};
