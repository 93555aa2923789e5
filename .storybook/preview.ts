import type { Preview } from "@storybook/html-vite";

/** The theme follows the toolbar; axe checks what is shown. */
const preview: Preview = {
  parameters: { a11y: { test: "error" }, layout: "fullscreen" },
  globalTypes: {
    theme: {
      description: "Light or dark",
      toolbar: { title: "Theme", icon: "mirror", items: ["light", "dark"], dynamicTitle: true },
    },
  },
  initialGlobals: { theme: "light" },
  decorators: [
    (story, { globals }) => {
      document.documentElement.style.colorScheme = globals["theme"] === "dark" ? "dark" : "light";
      document.body.style.background = "Canvas";
      return story();
    },
  ],
};
export default preview;
