import type { StorybookConfig } from "@storybook/html-vite";
import { mergeConfig } from "vite";

/** The weights that `npm start` has just trained, for the stories to use in place of the committed ones. */
const model = process.env["PELLUCID_MODEL"];

const config: StorybookConfig = {
  framework: "@storybook/html-vite",
  stories: ["../docs/stories/**/*.mdx", "../packages/*/src/**/*.stories.ts"],
  addons: ["@storybook/addon-docs", "@storybook/addon-a11y", "@storybook/addon-vitest"],
  env: (env) => ({
    ...env,
    ...(model === undefined ? {} : { STORYBOOK_TRAINED: "trained/model.safetensors" }),
  }),
  staticDirs: model === undefined ? [] : [{ from: model, to: "/trained/model.safetensors" }],
  // the model graph says what its layers are by their classes
  viteFinal: (vite) => mergeConfig(vite, { build: { rolldownOptions: { output: { keepNames: true } } } }),
  core: { disableTelemetry: true, disableWhatsNewNotifications: true, enableCrashReports: false },
};
export default config;
