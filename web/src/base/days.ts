/** The axis of a drawing over time, as the server writes it on the picture: data-x="62 948" data-days="2016-01-01 2016-12-31". */
import { after, between } from "./format.ts";

export interface Axis {
  left: number;
  right: number;
  first: string;
  last: string;
}

/** The axis of a picture; null for one that has none. */
export function axisOf(picture: Element): Axis | null {
  const [left, right] = (picture.getAttribute("data-x") ?? "").split(" ").map(Number);
  const [first, last] = (picture.getAttribute("data-days") ?? "").split(" ");
  if (left === undefined || right === undefined || !first || !last || !Number.isFinite(left + right)) return null;
  return { left, right, first, last };
}

/** How many days are shown. */
export function length(axis: Axis): number {
  return between(axis.first, axis.last) + 1;
}

/** The day at a place, the nearest one shown. */
export function dayAt(axis: Axis, x: number): string {
  const place = Math.floor(((x - axis.left) / (axis.right - axis.left)) * length(axis));
  return after(axis.first, Math.min(length(axis) - 1, Math.max(0, place)));
}

/** Where a day begins. */
export function placeOf(axis: Axis, day: string): number {
  return axis.left + ((axis.right - axis.left) * between(axis.first, day)) / length(axis);
}

/** The days around one at another zoom: `factor` under 1 comes nearer. At least a week; never beyond the first and last day of the whole. */
export function zoomed(axis: Axis, around: string, factor: number, whole: Axis): [string, string] {
  const days = Math.max(7, Math.round(length(axis) * factor));
  const share = between(axis.first, around) / Math.max(1, length(axis) - 1);
  const first = after(around, -Math.round(share * (days - 1)));
  return kept(first, after(first, days - 1), whole);
}

/** The days before or after, by a share of what is shown. */
export function moved(axis: Axis, share: number, whole: Axis): [string, string] {
  const step = Math.round(length(axis) * share);
  return kept(after(axis.first, step), after(axis.last, step), whole);
}

/** Days moved so that they lie within the whole, cut where they are longer. */
function kept(first: string, last: string, whole: Axis): [string, string] {
  const days = between(first, last);
  let begin = first < whole.first ? whole.first : first;
  let end = after(begin, days);
  if (end > whole.last) {
    end = whole.last;
    begin = after(end, -days) < whole.first ? whole.first : after(end, -days);
  }
  return [begin, end];
}
