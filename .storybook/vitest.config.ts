import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { defineConfig } from "vitest/config";
import { chromium, reporters, tfjs } from "../tools/vitest.ts";
import { emptyPrograms, writeProgram } from "./programs.ts";

emptyPrograms();

// Every story is a test: it renders, its play function passes, axe finds nothing, and the program that it shows draws what it shows.
export default defineConfig({
  cacheDir: "node_modules/.vite-stories",
  plugins: [storybookTest({ configDir: import.meta.dirname })],
  server: { hmr: { overlay: false } }, // it would cover every story after a program that does not parse
  optimizeDeps: { include: tfjs },
  // one page for all files: loading it anew for each takes longer than the stories
  test: {
    isolate: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    name: "stories",
    reporters,
    setupFiles: [`${import.meta.dirname}/run-programs.ts`],
    browser: { ...chromium(), commands: { writeProgram } },
    passWithNoTests: true,
  },
});
