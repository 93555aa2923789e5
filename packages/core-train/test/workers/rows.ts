export { rows as default } from "./drawn.ts";
