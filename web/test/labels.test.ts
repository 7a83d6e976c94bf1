import assert from "node:assert/strict";
import test from "node:test";
import { placed, type Mark } from "../src/base/labels.ts";

const marks = (count: number, seed: number): Mark[] => {
  let state = seed;
  const next = (most: number): number => ((state = (state * 16807) % 2147483647) / 2147483647) * most;
  return Array.from({ length: count }, (_, n) => ({ key: String(n), words: "x".repeat(3 + Math.floor(next(12))), x: next(640), y: next(400), radius: 2 + next(10) }));
};

test("labels lie over neither one another nor another mark, and stay in the picture", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const given = marks(60, seed);
    const found = placed(given, 640, 26);
    assert.ok(found.length > 3 && found.length <= 26);
    const boxes = found.map(({ x, y, words, anchor }) => {
      const wide = 6.7 * words.length + 2;
      const left = anchor === "start" ? x : x - wide;
      return [left, y - 13, left + wide, y + 1] as const;
    });
    for (const [n, a] of boxes.entries()) {
      assert.ok(a[0] >= 0 && a[2] <= 640);
      for (const b of boxes.slice(n + 1)) assert.ok(a[0] >= b[2] || b[0] >= a[2] || a[1] >= b[3] || b[1] >= a[3]);
      for (const mark of given) {
        if (mark.key === found[n]!.key) continue;
        assert.ok(a[0] >= mark.x + mark.radius || a[2] <= mark.x - mark.radius || a[1] >= mark.y + mark.radius || a[3] <= mark.y - mark.radius);
      }
    }
    assert.deepEqual(found, placed(given, 640, 26));
  }
});
