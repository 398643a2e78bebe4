/**
 * The Mailbox that the learner's server gets while it is checked: the given one, which also counts readers that stay and letters to
 * readers that have gone. Runs in the learner's process.
 */

interface Mailbox<T> extends AsyncIterable<T> {
  put(letter: T): void;
}
type MailboxClass = new () => Mailbox<unknown>;

export interface MailboxCounts {
  /** Readers who have begun and not ended. */
  readonly reading: number;
  /** Letters for readers who have ended. */
  readonly late: number;
}

const counts = { reading: 0, late: 0 };

export const mailboxCounts = (): MailboxCounts => ({ ...counts });

/** The given class, watched. */
export function watchMailbox(Given: MailboxClass): MailboxClass {
  return class extends Given {
    #isRead = false;

    override put(letter: unknown): void {
      if (this.#isRead) counts.late++;
      super.put(letter);
    }

    override async *[Symbol.asyncIterator](): AsyncIterator<unknown> {
      counts.reading++;
      try {
        yield* { [Symbol.asyncIterator]: () => super[Symbol.asyncIterator]() };
      } finally {
        counts.reading--;
        this.#isRead = true;
      }
    }
  };
}
