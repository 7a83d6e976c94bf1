/** Dates, numbers and signs as people read them: the twin of pages/format.py, held to the same cases (web/format-cases.json). */
export const MONTHS = "January February March April May June July August September October November December".split(" ");
const NOT_STATED = "not stated";
const NOT_COVERED = "not covered";
const MINUS = "−";

type Day = string | null;

interface Parts {
  year: number;
  month: number;
  day: number;
}

function parts(value: string): Parts {
  const [year = 0, month = 1, day = 1] = value.split("-").map(Number);
  return { year, month, day };
}

function plain(value: string, withYear = true): string {
  const { year, month, day } = parts(value);
  const told = `${day} ${MONTHS[month - 1]?.slice(0, 3)}`;
  return withYear ? `${told} ${year}` : told;
}

/** A day as exactly as it is known: "29 Jun 2016", "June 2016", "by 5 Jul 2016" where only the day of the report is known. */
export function day(value: Day, precision: string | null = "day"): string {
  if (value === null) return "no day given";
  const { year, month } = parts(value);
  if (precision === "month") return `${MONTHS[month - 1]} ${year}`;
  if (precision === "year") return String(year);
  if (precision === "week") return `week of ${plain(value)}`;
  if (precision === "publication") return `by ${plain(value)}`;
  return plain(value);
}

/** The day that lies some days after another. */
export function after(value: string, days: number): string {
  return new Date(Date.parse(`${value}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
}

/** How many days lie between two. */
export function between(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86400000);
}

/** Days from one to another, said as shortly as can be: "24–28 Jun 2016", "27 Jun–2 Jul 2016", "June 2016", "2016". */
export function span(first: Day, last: Day): string {
  if (first === null || last === null) return first ? `since ${plain(first)}` : last ? `until ${plain(last)}` : NOT_STATED;
  if (first === last) return plain(first);
  const begin = parts(first);
  const end = parts(last);
  if (begin.day === 1 && parts(after(last, 1)).day === 1 && begin.year === end.year) {
    if (begin.month === end.month) return `${MONTHS[begin.month - 1]} ${begin.year}`;
    if (begin.month === 1 && end.month === 12) return String(begin.year);
  }
  if (begin.year === end.year && begin.month === end.month) return `${begin.day}–${plain(last)}`;
  return `${plain(first, begin.year !== end.year)}–${plain(last)}`;
}

/** A count: "1,234". */
export function number(value: number | null): string {
  if (value === null) return NOT_STATED;
  return value.toLocaleString("en-US").replaceAll("-", MINUS);
}

/** A count at an axis: "12k". */
export function short(value: number): string {
  for (const [size, letter] of [[1_000_000, "M"], [1_000, "k"]] as const) {
    if (Math.abs(value) >= size) return (value / size).toFixed(1).replace(/\.0$/, "").replace("-", MINUS) + letter;
  }
  return number(value);
}

/** A score: always with its sign, one decimal; what rounds to nothing has none. */
export function signed(value: number | null): string {
  if (value === null) return NOT_COVERED;
  const size = Math.abs(value).toFixed(1);
  return Number(size) === 0 ? size : `${value > 0 ? "+" : MINUS}${size}`;
}

/** A share in whole percent; what is neither nothing nor all never reads as if it were. */
export function percent(value: number | null): string {
  if (value === null) return NOT_STATED;
  if (value > 0 && value < 0.005) return "under 1 %";
  if (value >= 0.995 && value < 1) return "over 99 %";
  return `${Math.round(value * 100)} %`;
}

/** A number of people or things with its bounds: "41–44, best 43". */
export function toll(low: number | null, best: number | null, high: number | null): string {
  if (low !== null && low === high) return number(low);
  if (low !== null && high !== null) return `${number(low)}–${number(high)}${best === null ? "" : `, best ${number(best)}`}`;
  if (low !== null) return `at least ${number(low)}`;
  if (high !== null) return `up to ${number(high)}`;
  return best === null ? NOT_STATED : `about ${number(best)}`;
}

/** A number with its noun: "1 report", "2,000 reports". */
export function counted(value: number, noun: string): string {
  const many = /[^aeou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${number(value)} ${value === 1 ? noun : many}`;
}

/** "3", or "3–5" where it is not known exactly. */
export function range(low: number | null, high: number | null): string {
  return low === high || high === null ? number(low) : `${number(low)}–${number(high)}`;
}
