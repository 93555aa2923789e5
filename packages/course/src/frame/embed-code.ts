import { html } from "../../../interpret/src/draw/element-of.ts";

/** The HTML that puts this page in another one, as it is now: the state is in the address, and what is written follows it. */
export function embedCode(): HTMLElement {
  const code = html("code", {});
  const write = () =>
    (code.textContent = `<iframe src="${location.href}" width="100%" height="900" title="Pellucid"></iframe>`);
  let shown = false;
  const follow = () => {
    write();
    if (shown && !code.isConnected) addresses?.removeEventListener("currententrychange", follow);
    shown ||= code.isConnected;
  };
  write();
  addresses?.addEventListener("currententrychange", follow);
  return html("pre", { tabindex: 0, role: "region", "aria-label": "HTML to embed" }, code);
}

/** Says when the address has been written; older browsers have none, and keep the address of the beginning. */
const addresses = (globalThis as { navigation?: EventTarget }).navigation;
