import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { digitCnn } from "./digit-cnn.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "2 Convolutional networks/Inside a digit CNN", render: () => digitCnn(source) };
export default meta;

/** How does a network read a digit? */
export const Lesson: StoryObj = {
  name: "Inside a digit CNN",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["predicted"]).toBe(3);
    await expect(facts()["integrated"]).toBe(19);
    await expect(Number(facts()["edges"])).toBeLessThan(19);
    const shadow = (name: string) => canvasElement.querySelector(name)?.shadowRoot;
    const map = shadow("pellucid-layer-flow")?.querySelector<HTMLElement>('[data-layer="2"][data-unit="7"]');
    map?.click();
    const title = () => shadow("pellucid-calculation")?.querySelector("h2")?.textContent ?? "";
    await waitFor(() => expect(title()).toContain("Convolution 2, map 8"));
    const result = Number(/this (−?[\d.]+)/.exec(title())?.[1]?.replace("−", "-"));
    const hint = canvasElement.querySelector(".hint")?.textContent ?? "";
    await expect(hint).toContain(`= ${result.toFixed(2).replace("-", "−")};`);
    const attempt = Array.from(canvasElement.querySelectorAll<HTMLElement>(".tries button"));
    attempt.at(-1)?.click();
    await waitFor(() => expect(shadow("pellucid-guess")?.querySelectorAll("button").length).toBe(11));
    shadow("pellucid-guess")?.querySelector("button")?.click();
    await waitFor(() =>
      expect(canvasElement.querySelector(".answer")?.textContent).toContain("Nothing is drawn"),
    );
    shadow("pellucid-picker")?.querySelectorAll<HTMLElement>("button")[5]?.click();
    await waitFor(() => expect(facts()["predicted"]).toBe(5), { timeout: 20_000 });
    await waitFor(() => expect(canvasElement.querySelector("[aria-busy=true]")).toBeNull(), {
      timeout: 20_000,
    });
    await expect(leaked()).toBe(0);
  }),
};
