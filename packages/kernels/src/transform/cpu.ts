export { transformEach } from "./each.ts";
