import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { latent } from "./latent.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "10 Generating/Walk through a VAE", render: () => latent(source) };
export default meta;

/** What lies between two digits? */
export const Lesson: StoryObj = {
  name: "Walk through a VAE",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(Number(facts()["walkError"])).toBeLessThan(0.02);
    await expect(Number(facts()["mixError"])).toBeGreaterThan(0.02);
    const hint = () => canvasElement.querySelector(".hint")?.textContent ?? "";
    await waitFor(() => expect(hint()).toContain("Number 4 = 0.40"));
    const plane = canvasElement
      .querySelector("pellucid-latent-pad")
      ?.shadowRoot?.querySelector("[role=application]");
    plane?.dispatchEvent(
      new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }),
    );
    await waitFor(() => expect(hint()).toContain("Number 4 = 0.60"));
    await expect(leaked()).toBe(0);
  }),
};
