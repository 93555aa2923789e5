import type { PellucidPlayer } from "@pellucid/interpret/parts/player";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import source from "./program.ts?raw";
import { smoothing } from "./smoothing.ts";

const meta: Meta = { title: "8 Graphs/How far messages go", render: () => smoothing(source) };
export default meta;

/** How deep may a graph network be? */
export const Lesson: StoryObj = {
  name: "How far messages go",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    const soon = { timeout: 120_000 };
    await waitFor(() => expect(facts()["deep"]).toBeDefined(), soon);
    await expect(Number(facts()["deep"])).toBeGreaterThanOrEqual(30);
    await expect(Number(facts()["plain"])).toBeLessThan(30);
    const player = canvasElement.querySelector<PellucidPlayer>("pellucid-player");
    const slide = (name: string, value: number) => {
      const input = canvasElement.querySelector<HTMLInputElement>(`#range-${name}`);
      if (input !== null) input.value = String(value);
      input?.dispatchEvent(new Event("input", { bubbles: true }));
    };
    if (player !== null) {
      player.at = 12;
      player.dispatchEvent(new Event("step"));
    }
    await waitFor(() => expect(facts()["step"]).toBe(64), soon);
    await expect(facts()["right"]).toBe(17);
    await expect(facts()["agrees"]).toBe(true);
    slide("keep", 0.1);
    await waitFor(() => expect(facts()["right"]).toBe(33), soon);
    await waitFor(() => expect(facts()["after64"]).toBe(33), soon);
    await expect(Number(facts()["withoutLoop"])).toBeGreaterThan(1e-3);
    await waitFor(() => expect(leaked()).toBe(0), { timeout: 20_000 });
  }),
};
