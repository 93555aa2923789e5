import { playwright } from "@vitest/browser-playwright";
import { chromiumOptions } from "./chromium-options.ts";

/** The installed Chromium, headless. A new object each time: Vitest writes into the one it is given. */
export const chromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  connectTimeout: 300_000, // a busy machine takes long to start a browser
  provider: playwright({ launchOptions: chromiumOptions() }),
  instances: [{ browser: "chromium" as const }],
});

/**
 * Bundled before any test runs: as separate modules tfjs is slow to load, found late it would
 * reload the page, and in Node its own CommonJS builds have no gradients.
 */
export const tfjs = [
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-core/dist/gradients/*.js",
  "@tensorflow/tfjs-core/dist/register_all_gradients.js",
  "@tensorflow/tfjs-backend-cpu",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-backend-webgl",
  "@tensorflow/tfjs-backend-webgpu",
];

/** Vitest's usual report, and one plain line of counts at its end. */
export const reporters = ["default", `${import.meta.dirname}/summary-reporter.ts`];
