/** Places of days, and days of places; zooming and moving never lead out of what is known. */
import assert from "node:assert/strict";
import test from "node:test";
import { type Axis, dayAt, length, moved, placeOf, zoomed } from "../src/base/days.ts";
import { between } from "../src/base/format.ts";

const whole: Axis = { left: 62, right: 948, first: "2015-01-01", last: "2016-12-31" };

test("a day's place leads back to the day", () => {
  for (const day of ["2015-01-01", "2016-02-29", "2016-06-15", "2016-12-31"]) assert.equal(dayAt(whole, placeOf(whole, day) + 0.1), day);
  assert.equal(dayAt(whole, -500), "2015-01-01");
  assert.equal(dayAt(whole, 5000), "2016-12-31");
  assert.equal(length(whole), 731);
});

test("coming nearer keeps the day under the pointer where it is", () => {
  const [first, last] = zoomed(whole, "2016-06-15", 0.5, whole);
  const near: Axis = { ...whole, first, last };
  assert.ok(Math.abs(placeOf(near, "2016-06-15") - placeOf(whole, "2016-06-15")) < 3);
  assert.equal(between(first, last) + 1, 366);
});

test("nothing leads out of what is known, and a week is the least", () => {
  for (const [first, last] of [moved(whole, 1, whole), moved(whole, -1, whole), zoomed(whole, "2015-01-02", 4, whole)]) {
    assert.ok(first >= whole.first && last <= whole.last, `${first} ${last}`);
  }
  const week: Axis = { ...whole, first: "2016-06-01", last: "2016-06-07" };
  const [first, last] = zoomed(week, "2016-06-04", 0.1, whole);
  assert.equal(between(first, last), 6);
  assert.deepEqual(moved(week, 1, whole), ["2016-06-08", "2016-06-14"]);
});
