import fc from "fast-check";
import { keySpaceOf } from "../../src/operations/keys.ts";
import {
  copyRecord,
  getRecord,
  listRecords,
  noteRecordsKnown,
  openRecord,
  putRecord,
  recordOperations,
} from "../../src/operations/record.ts";
import { type Request, request } from "../../src/operations/request.ts";
import {
  COMPLETE,
  type Language,
  PREFIX,
  somePass,
  someTtlMs,
  someWrite,
  type Step,
  USED,
} from "./history-steps.ts";

/** Histories of records. */

const IDS = ["a", "{x}b"] as const;

export interface RecordAsk {
  readonly operation: "open" | "put" | "get" | "copy" | "note" | "list" | "bad fence" | "bad body";
  readonly id: string;
  readonly fence: number;
  readonly promised: number;
  readonly number: number;
  readonly body: string;
  readonly createdAt: number;
  readonly keepMs: number;
}

export type RecordKey = "record" | "marker" | "note";
export type RecordStep = Step<RecordAsk, RecordKey>;

const someFence = fc.integer({ min: 1, max: 4 });

const ask: fc.Arbitrary<RecordAsk> = fc.record({
  operation: fc.oneof(
    {
      weight: 20,
      arbitrary: fc.constantFrom("open", "open", "put", "put", "put", "get", "copy", "note", "list"),
    },
    { weight: 1, arbitrary: fc.constantFrom("bad fence", "bad body") },
  ),
  id: fc.constantFrom(...IDS),
  fence: someFence,
  promised: someFence,
  number: fc.integer({ min: 0, max: 2 }),
  body: fc.constantFrom("x", "y", "é", ""),
  createdAt: fc.constantFrom(0, 1_000, 2_000),
  keepMs: someTtlMs,
});

/** Records as they are, those that no client writes, and what is none. */
const recordValue = fc.constantFrom(
  "p=2",
  "p=2;f=1;n=1;b=x;c=1000",
  "p=2;f=2;n=1;b=y;c=1000;m=1",
  "p=3;f=2;n=1;b=y;c=x",
  "p=9000000000000001",
  "p=9000000000000000;f=8999999999999999;n=9000000000000000;b=z;c=9000000000000000",
  "p=1e3",
  "p=-1",
  "f=1;n=1;b=x",
  `p=1;b=${"x".repeat(4_097)}`,
  "foreign",
);

const markerValue = fc.constantFrom(
  COMPLETE,
  "complete run replication 1000.id instances 5",
  "complete run replication @-7.id instances 5",
  "complete run replication @99.id clock 5",
  "lost 1764000000000",
  "",
  "complete",
);

const values: Readonly<Record<RecordKey, fc.Arbitrary<string>>> = {
  record: recordValue,
  marker: markerValue,
  note: fc.constantFrom("id 1000", "1000.id @-7", "other 5", "id", "x y"),
};

const key = fc.constantFrom<RecordKey[]>("record", "record", "record", "marker", "note");
const write = someWrite(key, fc.constantFrom(["a"], ["{x}b"]), values, (of) =>
  of === "record" ? ["hash", "hash", "hash", "hash", "string"] : ["string", "string", "string", "hash"],
);

const step: fc.Arbitrary<RecordStep> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asks: fc.array(ask, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: write },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("delete" as const),
      key: fc.constantFrom<RecordKey[]>("record", "record", "record", "marker"),
      name: fc.constantFrom(...IDS),
    }),
  },
  { weight: 2, arbitrary: somePass },
);

export const recordHistory: fc.Arbitrary<readonly RecordStep[]> = fc
  .array(step, { minLength: 5, maxLength: 40, size: "max" })
  .map((all) => [USED, ...all]);

function keyOf(of: RecordKey, id: string): string {
  const keys = keySpaceOf(PREFIX);
  if (of === "note") return keys.recordsNote;
  return of === "marker" ? keys.marker : keys.beside(id, ["record"])[0]!;
}

function requestOf(asked: RecordAsk): Request {
  const { operation, id, fence, promised, number, body, createdAt, keepMs } = asked;
  switch (operation) {
    case "open":
      return openRecord(PREFIX, id, fence, keepMs);
    case "put":
      return putRecord(PREFIX, id, { fence, number, body }, createdAt, keepMs);
    case "get":
      return getRecord(PREFIX, id);
    case "copy": {
      const state = { promised: Math.max(fence, promised), fence, number, createdAt, body };
      return copyRecord({ key: keyOf("record", id), ...state, leftMs: keepMs });
    }
    case "note":
      return noteRecordsKnown(PREFIX, fence === 1 ? Infinity : createdAt);
    case "list":
      return listRecords(PREFIX, "0");
    case "bad fence":
      return request(
        recordOperations.open,
        [keyOf("record", id)],
        [["1.5", "-1", "x", "9000000000000001"][fence - 1]!, "1000", keyOf("marker", "a")],
      );
    case "bad body":
      return putRecord(PREFIX, id, { fence, number, body: "é".repeat(2_049) }, createdAt, keepMs);
  }
}

export const recordLanguage: Language<RecordAsk, RecordKey> = { requestOf, keyOf };
