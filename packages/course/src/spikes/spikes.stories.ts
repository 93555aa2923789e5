import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import source from "./program.ts?raw";
import { spikes } from "./spikes.ts";

const meta: Meta = { title: "13 Other networks/Spikes", render: () => spikes(source) };
export default meta;

/** When does it decide? */
export const Lesson: StoryObj = {
  name: "Spikes",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(Number(facts()["accuracy"])).toBeGreaterThan(0.9);
    await expect(Number(facts()["exchanged"])).toBeLessThan(0.25);
    await expect(Number(facts()["difference"])).toBeLessThan(1e-5);
    const player = canvasElement.querySelector("pellucid-player")?.shadowRoot;
    player?.querySelector<HTMLElement>("[aria-label='One step back']")?.click();
    await waitFor(() => expect(canvasElement.querySelector(".hint")?.textContent).toContain("step 19"));
    const additions = Number(facts()["additions"]);
    const [, early] = canvasElement.querySelectorAll<HTMLElement>(".spikes-stage .pill");
    early?.click();
    await waitFor(() => expect(Number(facts()["additions"])).toBeLessThan(additions / 3), {
      timeout: 10_000,
    });
    await expect(Number(facts()["accuracy"])).toBeGreaterThan(0.8);
    await expect(leaked()).toBe(0);
  }),
};
