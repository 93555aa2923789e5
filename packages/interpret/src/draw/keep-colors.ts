/** CSS for colors that are data: they stay in forced-colors mode and in print. */
export const keepColors =
  "forced-color-adjust:none;print-color-adjust:exact;-webkit-print-color-adjust:exact;";
