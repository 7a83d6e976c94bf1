/** The cases that formatters in every language must pass. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import * as format from "../src/base/format.ts";

declare const WEB: string;

const cases = JSON.parse(readFileSync(join(WEB, "format-cases.json"), "utf8")) as Record<string, [unknown[], string][]>;

for (const [name, own] of Object.entries(cases).filter(([key]) => key !== "_")) {
  test(`${name} tells all cases as people read them`, () => {
    const formatter = (format as unknown as Record<string, (...given: unknown[]) => string>)[name];
    assert.ok(formatter, `no formatter ${name}`);
    for (const [given, told] of own) assert.equal(formatter(...given), told, JSON.stringify(given));
  });
}

test("days are counted and gone on over months and leap years", () => {
  assert.equal(format.after("2016-02-28", 2), "2016-03-01");
  assert.equal(format.between("2015-12-31", "2016-12-31"), 366);
});
