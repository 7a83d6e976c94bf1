/** A drawing of a page as a file of its own: light colours written into it, title above, sources and date below. */
import tokens from "../../tokens.json";
import { day } from "./format.ts";
import { svg } from "./svg.ts";

const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "opacity", "paint-order",
  "font-size", "font-weight", "letter-spacing", "text-anchor", "vector-effect",
];
const PLAIN: Readonly<Record<string, string>> = {
  "fill-opacity": "1", "stroke-opacity": "1", opacity: "1", "stroke-dasharray": "none", "stroke-linejoin": "miter", "stroke-linecap": "butt",
  "letter-spacing": "normal", "paint-order": "normal", "vector-effect": "none", "text-anchor": "start",
};
const MARGIN = 16;
const LINE = 16;
const FONT = "system-ui, sans-serif";

/** The drawing of a figure that is to be seen: the largest one. */
export function drawingOf(figure: Element): SVGSVGElement | null {
  const size = (one: Element): number => one.getBoundingClientRect().width * one.getBoundingClientRect().height;
  return [...figure.querySelectorAll<SVGSVGElement>("svg:not(.icon):not(.mark)")].filter((one) => size(one) > 0).sort((a, b) => size(b) - size(a))[0] ?? null;
}

/** What a figure is called. */
export function titleOf(figure: Element): string {
  const words = (element?: Element | null): string => element?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  const own = words(figure.querySelector("figcaption h2, figcaption h3"));
  if (own) return own;
  const page = words(document.querySelector("h1"));
  const told = words(figure.closest("section")?.querySelector("h2:not(.vh), h3:not(.vh)")) || words(document.querySelector(".head .lead"));
  return told && told !== page ? `${page}: ${told}` : page;
}

/** Where its data are from: what stands under it, the state of the store, the day and address. */
function sourcesOf(figure: Element): string[] {
  const about = (figure.querySelector("figcaption p") ?? figure.querySelector(".source"))?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  const store = document.querySelector(".foot p")?.textContent ?? "";
  const today = new Date().toISOString().slice(0, 10);
  return [about, `${store.replace(/\s+/g, " ").trim()}. Saved on ${day(today)} from ${location.href}`].filter((line) => line.trim());
}

/** Takes in what a copy of a drawing uses of other drawings of the page: parts that are drawn once, patterns. */
function whole(copy: SVGSVGElement): void {
  for (const use of copy.querySelectorAll("use")) {
    const id = use.getAttribute("href")?.slice(1) ?? "";
    const source = copy.querySelector(`[id="${CSS.escape(id)}"]`) ?? document.getElementById(id);
    if (!source) continue;
    const group = svg("g", { transform: use.getAttribute("transform") ?? "" });
    const part = source.cloneNode(true) as Element;
    part.removeAttribute("id");
    group.append(part);
    use.replaceWith(group);
  }
  for (const element of copy.querySelectorAll("[fill^='url'], [stroke^='url']")) {
    const id = /#([^"')]+)/.exec(element.getAttribute("fill") ?? element.getAttribute("stroke") ?? "")?.[1] ?? "";
    const source = document.getElementById(id);
    if (!source || copy.querySelector(`[id="${CSS.escape(id)}"]`)) continue;
    const definitions = svg("defs");
    definitions.append(source.cloneNode(true));
    copy.prepend(definitions);
  }
}

/** Colours and the like of a drawing written into a copy of it, as the style sheet has them for light pages. */
function standing(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  for (const [name, value] of Object.entries(tokens.light)) copy.style.setProperty(`--${name}`, value);
  copy.style.position = "absolute";
  copy.style.visibility = "hidden";
  whole(copy);
  drawing.after(copy);
  const gone: Element[] = [];
  for (const element of copy.querySelectorAll<SVGElement>("*")) {
    const style = getComputedStyle(element);
    if (style.display === "none" || element.matches(".cursor, .chosen, title, desc")) {
      gone.push(element);
      continue;
    }
    if (!(element instanceof SVGGraphicsElement) && !(element.closest("pattern"))) continue;
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value && value !== PLAIN[name]) element.setAttribute(name, value);
      else element.removeAttribute(name);
    }
  }
  copy.remove();
  for (const element of gone) element.remove();
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    for (const name of ["class", "style", "tabindex", "aria-labelledby", "aria-describedby", "role"]) element.removeAttribute(name);
    const link = element.getAttribute("href");
    if (link?.startsWith("/")) element.setAttribute("href", new URL(link, location.href).href);
  }
  return copy;
}

function wrapped(words: string, wide: number, font: string): string[] {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return [words];
  pen.font = font;
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && pen.measureText(longer).width > wide) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line ? [...lines, line] : lines;
}

/** What the marks mean, as it stands under the figure: parts placed one after the other, and how tall they are together. */
function keyOf(figure: Element, wide: number, top: number): { parts: SVGElement[]; tall: number } {
  const items = [...figure.querySelectorAll<HTMLElement>(".legend li")].filter((item) => item.getClientRects().length);
  const pen = document.createElement("canvas").getContext("2d");
  if (!items.length || !pen) return { parts: [], tall: 0 };
  pen.font = `12px ${FONT}`;
  const parts: SVGElement[] = [];
  let [x, y] = [MARGIN, top + 14];
  for (const item of items) {
    const words = item.textContent?.replace(/\s+/g, " ").trim() ?? "";
    const long = 16 + pen.measureText(words).width + 18;
    if (x > MARGIN && x + long > wide - MARGIN) [x, y] = [MARGIN, y + LINE];
    const mark = item.querySelector<SVGSVGElement>("svg");
    if (mark) {
      const copy = standing(mark);
      for (const [name, value] of Object.entries({ x, y: y - 9, width: 10, height: 10, overflow: "visible" })) copy.setAttribute(name, String(value));
      parts.push(copy);
    }
    parts.push(svg("text", { x: x + (mark ? 16 : 0), y, fill: tokens.light.muted }, words));
    x += long;
  }
  return { parts, tall: y + 8 - top };
}

/** The whole picture as an element of its own. */
export function pictureOf(figure: Element): SVGSVGElement | null {
  const drawing = drawingOf(figure);
  if (!drawing) return null;
  const edge = drawing.getBoundingClientRect();
  const box = drawing.viewBox.baseVal;
  const wide = Math.max(420, box?.width || edge.width);
  const share = wide / (box?.width || edge.width);
  const tall = (box?.height || edge.height) * share;
  const heads = wrapped(titleOf(figure), wide - 2 * MARGIN, `600 18px ${FONT}`);
  const feet = sourcesOf(figure).flatMap((line) => wrapped(line, wide - 2 * MARGIN, `12px ${FONT}`));
  const top = MARGIN + 24 * heads.length + 8;
  const key = keyOf(figure, wide, top + tall);
  const base = top + tall + key.tall;
  const whole = base + LINE * feet.length + MARGIN + 10;
  const made = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${wide} ${whole}`, width: wide, height: whole, "font-family": FONT, "font-size": 12 });
  made.append(svg("rect", { width: wide, height: whole, fill: tokens.light.page }));
  heads.forEach((line, n) => made.append(svg("text", { x: MARGIN, y: MARGIN + 16 + 24 * n, "font-size": 18, "font-weight": 600, fill: tokens.light.text }, line)));
  const copy = standing(drawing);
  if (!copy.getAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${edge.width} ${edge.height}`);
  for (const [name, value] of Object.entries({ x: 0, y: top, width: wide, height: tall })) copy.setAttribute(name, String(value));
  made.append(copy, ...key.parts);
  feet.forEach((line, n) => made.append(svg("text", { x: MARGIN, y: base + 20 + LINE * n, fill: tokens.light.muted }, line)));
  return made;
}

/** The picture as the text of a file. */
export function textOf(picture: SVGSVGElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}`;
}

/** The picture in pixels, twice as many as it has units. Rejects with an Error where the browser cannot draw it. */
export async function pixelsOf(picture: SVGSVGElement, scale = 2): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([textOf(picture)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(Number(picture.getAttribute("width")) * scale);
    canvas.height = Math.round(Number(picture.getAttribute("height")) * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture came out"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
