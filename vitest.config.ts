import { defineConfig } from "vitest/config";
import { chromium, reporters, tfjs } from "./tools/vitest.ts";

/** tfjs' WASM loader asks for a folder even if the location of its files is given; an ES module has no `__dirname`. */
const dirname = { transform: { define: { __dirname: "import.meta.dirname" } } };
const ssr = { enabled: true, include: tfjs, rolldownOptions: dirname };

/** In Node, tests take the gradients from the source; plain Node takes the bundle that the build makes. */
const source = { resolve: { conditions: ["source", "module", "node", "import", "default"] } };

/** Limits against tests that never end. They hold on a machine that is busy with other work, too. */
const patient = { testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: 120_000 } } };

export default defineConfig({
  cacheDir: process.env["PELLUCID_VITE_CACHE"] ?? "node_modules/.vite",
  test: {
    reporters,
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text", "lcov"] },
    projects: [
      {
        ssr: source,
        test: {
          name: "node",
          environment: "node",
          include: ["packages/*/{src,test}/**/*.test.ts", "examples/*/*.test.ts"],
          exclude: ["**/*.browser.test.ts", "**/node_modules/**"],
          setupFiles: ["./packages/testing/src/setup.ts"],
          deps: { optimizer: { ssr } },
          ...patient,
        },
      },
      {
        ssr: source,
        test: {
          name: "root",
          environment: "node",
          include: ["test/**/*.test.ts"],
          setupFiles: ["./packages/testing/src/setup.ts"],
          deps: { optimizer: { ssr } },
          ...patient,
        },
      },
      {
        optimizeDeps: { include: tfjs },
        server: {
          headers: {
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
          },
        },
        test: {
          name: "browser",
          include: ["packages/*/{src,test}/**/*.browser.test.ts"],
          browser: chromium(),
          ...patient,
        },
      },
    ],
  },
});
