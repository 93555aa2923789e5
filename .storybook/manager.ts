import { addons } from "storybook/manager-api";
import { getPreferredColorScheme, themes } from "storybook/theming";

// The frame is light or dark as the visitor's system is; the stories too, until the toolbar says otherwise.
addons.setConfig({
  theme: {
    ...themes[getPreferredColorScheme()],
    brandTitle: "Pellucid",
    brandUrl: "?path=/story/start-draw-a-digit--lesson",
  },
});
