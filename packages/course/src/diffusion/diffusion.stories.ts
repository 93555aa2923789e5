import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { diffusion } from "./diffusion.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "10 Generating/From noise to a digit", render: () => diffusion(source) };
export default meta;

/** How does noise become a digit? */
export const Lesson: StoryObj = {
  name: "From noise to a digit",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["frames"]).toBe(10);
    await expect(facts()["isCopy"]).toBe(false);
    await expect(facts()["caught"]).toBe(true);
    const [noisy] = Array.from(
      canvasElement.querySelectorAll("pellucid-film-strip"),
      ({ shadowRoot }) => shadowRoot,
    );
    noisy?.querySelector<HTMLElement>("button")?.click();
    await waitFor(() => expect(canvasElement.querySelector(".hint")?.textContent).toContain("Frame 1 of 10"));
    const says = () => canvasElement.querySelector(".answer")?.textContent ?? "";
    canvasElement.querySelectorAll<HTMLElement>(".film-stage .pill")[1]?.click();
    await waitFor(() => expect(says()).toContain("DDPM"), { timeout: 30_000 });
    await expect(leaked()).toBe(0);
  }),
};
