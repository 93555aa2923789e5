import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { defineConfig } from "vitest/config";
import { chromium, reporters, tfjs } from "../tools/vitest.ts";

// Every story is a test: it renders, its play function passes, and axe finds nothing.
export default defineConfig({
  cacheDir: "node_modules/.vite-stories",
  plugins: [storybookTest({ configDir: import.meta.dirname })],
  optimizeDeps: { include: tfjs },
  // one page for all files: loading it anew for each takes longer than the stories
  test: {
    isolate: false,
    testTimeout: 60_000,
    name: "stories",
    reporters,
    browser: chromium(),
    passWithNoTests: true,
  },
});
