import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { patching } from "./patching.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "7 Transformers/Where the answer is carried", render: () => patching(source) };
export default meta;

/** Which layer and letter carry the answer? */
export const Lesson: StoryObj = {
  name: "Where the answer is carried",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["answer"]).toBe("h");
    await expect(facts()["apart"]).toBeLessThan(1e-4);
    await expect(facts()["before"]).toBeLessThan(1e-4);
    await expect(Math.abs(Number(facts()["own"]) - 1)).toBeLessThan(1e-4);
    await expect(Number(facts()["last"])).toBeGreaterThan(0.9);
    await expect(facts()["real"]).toBe(true);
    await expect(facts()["fake"]).toBe(false);
    const map = canvasElement.querySelector<HTMLElement>(".state-map canvas");
    map?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp" }));
    map?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
    const answer = canvasElement.querySelector(".answer");
    await waitFor(() => expect(answer?.textContent).toContain("letter 14"));
    canvasElement.querySelectorAll<HTMLElement>(".tries button")[1]?.click();
    const guess = canvasElement.querySelector("pellucid-guess")?.shadowRoot;
    await waitFor(() => expect(guess?.querySelectorAll("button").length).toBe(4));
    guess?.querySelectorAll("button")[1]?.click();
    await waitFor(() => expect(facts()["answer"]).toBe("u"), { timeout: 60_000 });
    await waitFor(() => expect(leaked()).toBe(0), { timeout: 60_000 });
  }),
};
