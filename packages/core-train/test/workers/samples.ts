export { samples as default } from "./drawn.ts";
