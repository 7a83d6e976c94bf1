import assert from "node:assert/strict";
import test from "node:test";
import { among, neighbours, next } from "../src/base/links.ts";

const ties = [{ one: "A", other: "B" }, { one: "B", other: "C" }, { one: "C", other: "D" }];

test("an actor and those it has a tie with", () => {
  assert.deepEqual([...neighbours(ties, "B")].sort(), ["A", "B", "C"]);
  assert.deepEqual([...neighbours(ties, "X")], ["X"]);
});

test("ties among some actors", () => {
  assert.deepEqual(ties.filter((tie) => among(tie, new Set(["A", "B", "D"]))), [ties[0]]);
});

test("steps go round, and begin at either end", () => {
  assert.deepEqual([next(-1, 1, 3), next(-1, -1, 3), next(2, 1, 3), next(0, -1, 3), next(0, 1, 0)], [0, 2, 0, 2, -1]);
});
