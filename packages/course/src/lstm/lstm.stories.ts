import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { lstm } from "./lstm.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "6 Sequences/LSTM gates, step by step", render: () => lstm(source) };
export default meta;

/** What does an LSTM keep in memory? */
export const Lesson: StoryObj = {
  name: "LSTM gates, step by step",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["country"]).toBe("Greek");
    await expect(Number(facts()["difference"])).toBeLessThan(1e-5);
    await expect(Number(facts()["real"])).toBeGreaterThan(0.5);
    await expect(Number(facts()["fake"])).toBeLessThan(0.5);
    const player = canvasElement.querySelector("pellucid-player")?.shadowRoot;
    const card = () => canvasElement.querySelector(".cell-well h2")?.textContent ?? "";
    player?.querySelector<HTMLElement>("[aria-label='One step back']")?.click();
    await waitFor(() => expect(card()).toContain("letter 6"));
    canvasElement.querySelectorAll<HTMLElement>(".tries button")[2]?.click();
    const guess = canvasElement.querySelector("pellucid-guess")?.shadowRoot;
    await waitFor(() => expect(guess?.querySelectorAll("button").length).toBe(6));
    guess?.querySelectorAll("button")[2]?.click();
    await waitFor(() => expect(canvasElement.querySelector(".answer")?.textContent).toContain("otomamaY"));
    await expect(leaked()).toBe(0);
  }),
};
