const svgNamespace = "http://www.w3.org/2000/svg";

type Attributes = Readonly<Record<string, string | number>>;

/** An HTML element with its attributes and what is in it. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  return filled(document.createElement(tag), attributes, inside);
}

/** The same for SVG. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): SVGElementTagNameMap[Tag] {
  return filled(document.createElementNS(svgNamespace, tag), attributes, inside);
}

/** Sets the style by CSSOM: a page whose policy has no `unsafe-inline` ignores the attribute. */
function filled<Made extends HTMLElement | SVGElement>(
  element: Made,
  attributes: Attributes,
  inside: readonly (Node | string)[],
): Made {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "style") element.style.cssText = String(value);
    else element.setAttribute(name, String(value));
  }
  element.append(...inside);
  return element;
}
