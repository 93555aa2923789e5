import type { Preview } from "@storybook/html-vite";

const preview: Preview = {
  parameters: { a11y: { test: "error" } },
};
export default preview;
