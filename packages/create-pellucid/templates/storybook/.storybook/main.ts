import type { StorybookConfig } from "@storybook/html-vite";

const config: StorybookConfig = {
  framework: "@storybook/html-vite",
  stories: ["../src/**/*.stories.ts"],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
};
export default config;
