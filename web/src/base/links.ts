/** Which marks of a network belong together. Plain values, so that it can be tested without a page. */

export interface Ends {
  one: string;
  other: string;
}

/** The actors that have a tie with one, itself among them. */
export function neighbours(ties: readonly Ends[], actor: string): Set<string> {
  const found = new Set([actor]);
  for (const { one, other } of ties) {
    if (one === actor) found.add(other);
    if (other === actor) found.add(one);
  }
  return found;
}

/** Whether a tie lies among all of some actors. */
export const among = ({ one, other }: Ends, actors: ReadonlySet<string>): boolean => actors.has(one) && actors.has(other);

/** The next of `count` things, round and round; from none (-1) the first or the last. */
export function next(now: number, by: number, count: number): number {
  if (!count) return -1;
  return now < 0 ? (by > 0 ? 0 : count - 1) : (now + by + count) % count;
}
