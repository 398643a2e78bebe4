import assert from "node:assert/strict";
import { test } from "node:test";
import { Mailbox } from "./mailbox.js";
import { Slab } from "./slab.js";

const slab = new Slab(new Uint8Array(200_000), 0);
for (let i = 0; i < slab.bytes.length; i++) slab.bytes[i] = i;

const makeMailbox = (maxBytes: number) => new Mailbox(maxBytes, () => {});

/** What was taken, as [first byte, length, count]. */
const taken = (mailbox: Mailbox) => {
  const mail = mailbox.take();
  return mail && [mail.bytes[mail.start], mail.end - mail.start, mail.count];
};

test("Neighbours leave as one range, without a copy", () => {
  const mailbox = makeMailbox(1000);
  mailbox.put(slab, 10, 20);
  mailbox.put(slab, 20, 30);
  const mail = mailbox.take();
  assert.deepEqual(mail, { bytes: slab.bytes, start: 10, end: 30, count: 2 });
});

test("What does not lie together is joined in its order, up to 64 KiB at a time", () => {
  const mailbox = makeMailbox(1_000_000);
  for (let i = 0; i < 20; i++) mailbox.put(slab, 5000 * (19 - i), 5000 * (19 - i) + 5000);
  const [first, second] = [mailbox.take(), mailbox.take()];
  assert.deepEqual([first?.count, second?.count, mailbox.take()], [13, 7, undefined]);
  const expected = Array.from({ length: 13 }, (_, i) => slab.bytes.slice(5000 * (19 - i), 5000 * (20 - i)));
  assert.deepEqual(Buffer.from(first?.bytes ?? []), Buffer.concat(expected));
});

test("A long range leaves as it lies, before shorter ones that wait behind it", () => {
  const mailbox = makeMailbox(1_000_000);
  mailbox.put(slab, 0, 100_000);
  mailbox.put(slab, 150_000, 150_010);
  mailbox.put(slab, 1, 11);
  assert.deepEqual(
    [taken(mailbox), taken(mailbox)],
    [
      [0, 100_000, 1],
      [150_000 % 256, 20, 2],
    ],
  );
});

test("A mailbox that never runs empty gives all in order", () => {
  const mailbox = makeMailbox(1_000_000);
  const put: number[] = [];
  let next = 0;
  for (let i = 0; i < 20_000; i++) {
    const start = (i * 7) % 190_000;
    put.push(start);
    mailbox.put(slab, start, start + 700);
    while (mailbox.bytes > 140_000) {
      const mail = mailbox.take();
      assert.ok(mail !== undefined);
      assert.equal(mail.end - mail.start, 700 * mail.count);
      for (let j = 0; j < mail.count; j++) assert.equal(mail.bytes[mail.start + 700 * j], slab.bytes[put[next++] ?? 0]);
    }
  }
  assert.equal(mailbox.bytes, 700 * (20_000 - next));
});

test("What others send is taken up to the bound, however much the stream's own notes bring", () => {
  const mailbox = makeMailbox(100);
  mailbox.put(slab, 0, 1000);
  assert.equal(mailbox.offer(slab, 1000, 1100), true);
  assert.equal(mailbox.offer(slab, 1100, 1101), false);
  mailbox.put(slab, 1101, 1201);
  assert.equal(mailbox.bytes, 1200);
  assert.deepEqual(taken(mailbox), [0, 1200, 3]);
  assert.equal(mailbox.offer(slab, 0, 1), true);
});

test("Whoever found nothing is called once, by mail or by the closing", () => {
  let calls = 0;
  const mailbox = new Mailbox(100, () => calls++);
  mailbox.put(slab, 0, 1);
  assert.equal(calls, 0);
  mailbox.take();
  assert.equal(mailbox.take(), undefined);
  mailbox.put(slab, 0, 1);
  mailbox.put(slab, 1, 2);
  assert.equal(calls, 1);
  mailbox.take();
  mailbox.take();
  mailbox.close("full");
  assert.equal(calls, 2);
  assert.equal(mailbox.fault, "full");
});

test("Whoever waits for room is told when mail is taken, and at the closing", async () => {
  const mailbox = makeMailbox(100);
  mailbox.put(slab, 0, 1);
  const taken = mailbox.room();
  mailbox.take();
  await taken;
  const closed = mailbox.room();
  mailbox.close();
  await closed;
});
