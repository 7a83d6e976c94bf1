/** Words beside marks, placed one after the other where there is room: the same rule as the server's. Same input, same picture. */

export interface Mark {
  key: string;
  words: string;
  x: number;
  y: number;
  radius: number;
}

export interface Label {
  key: string;
  words: string;
  x: number;
  y: number;
  anchor: "start" | "end";
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

const LETTER = 6.7;

const meet = (one: Box, other: Box): boolean => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

/** Labels right or left of marks in the order given, none over another or over another's mark. `width`: of the picture; `most`: labels at most. */
export function placed(marks: readonly Mark[], width: number, most: number): Label[] {
  const found: Label[] = [];
  const taken: Box[] = [];
  const own = marks.map(({ x, y, radius }): Box => [x - radius, y - radius, x + radius, y + radius]);
  for (const [number, mark] of marks.entries()) {
    if (found.length >= most) break;
    const wide = LETTER * mark.words.length + 2;
    for (const anchor of ["start", "end"] as const) {
      const at = anchor === "start" ? mark.x + mark.radius + 3 : mark.x - mark.radius - 3;
      const left = anchor === "start" ? at : at - wide;
      const box: Box = [left, mark.y - 9, left + wide, mark.y + 5];
      if (left <= 0 || left + wide >= width) continue;
      if (taken.some((other) => meet(box, other)) || own.some((other, place) => place !== number && meet(box, other))) continue;
      found.push({ key: mark.key, words: mark.words, x: at, y: mark.y + 4, anchor });
      taken.push(box);
      break;
    }
  }
  return found;
}
