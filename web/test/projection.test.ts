/** The server projects by formulas of its own; web/projection-cases.json holds what d3-geo says of the same points, for both sides to be held to. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { projected } from "../src/base/projection.ts";

declare const WEB: string;

interface Case {
  view: string;
  points: [number, number, number, number][];
}

test("d3-geo puts every point where the cases have it", () => {
  const cases = JSON.parse(readFileSync(join(WEB, "projection-cases.json"), "utf8")) as Case[];
  assert.ok(cases.length >= 4);
  for (const { view, points } of cases) {
    const place = projected(view);
    for (const [lon, lat, x, y] of points) {
      const found = place([lon, lat]);
      assert.ok(found, `${view}: ${lon} ${lat}`);
      assert.ok(Math.hypot(found[0] - x, found[1] - y) < 0.01, `${view}: ${lon} ${lat} at ${found.join(" ")}, not ${x} ${y}`);
    }
  }
});
